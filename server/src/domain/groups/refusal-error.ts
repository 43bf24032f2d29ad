import {
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  StaleRosterError,
  type UserError,
} from '../errors.ts'
import type { Roster, RosterRefusal } from './apply-entry.ts'

/** What the author of a refused entry is told. */
export function refusalError(reason: RosterRefusal, roster: Roster | null): UserError {
  switch (reason) {
    case 'not-next':
      return roster === null
        ? new InvalidInputError(
            'entry',
            'A group begins with an entry of version 1 that creates it.',
          )
        : new StaleRosterError(roster.group, roster.version)
    case 'deleted':
    case 'not-a-member':
      return roster === null
        ? new InvalidInputError('entry', 'Whoever creates a group is a member of it.')
        : noSuchGroup()
    case 'not-an-admin':
      return new ForbiddenError('Only an admin of the group may do this. Ask one.')
    case 'last-admin':
      return new ForbiddenError(
        'You are the last admin. Hand the group over to a member first, or delete it.',
      )
    case 'other-group':
    case 'wrong-subjects':
    case 'wrong-result':
      return new InvalidInputError(
        'entry',
        'The roster entry is not what its action makes of the group. Nothing was changed.',
      )
  }
}

/** To strangers a group is not there, whether it is or not. */
export function noSuchGroup(): NotFoundError {
  return new NotFoundError('There is no such group, or you are not a member of it.')
}

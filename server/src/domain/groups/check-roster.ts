import type { Deps } from '../deps.ts'
import { InvalidInputError, StaleRosterError, type UserError } from '../errors.ts'
import type { DeviceViewer } from '../viewer.ts'
import { noSuchGroup } from './refusal-error.ts'

/** The group a message is for, and the version of its roster that the message was sealed for. */
export interface GroupOfMessage {
  readonly groupId: string
  readonly rosterVersion: number
}

/** Before a message is stored: its sender and all for whom it is sealed are members in the version it names. */
export async function checkRoster(
  { rosters }: Pick<Deps, 'rosters'>,
  viewer: DeviceViewer,
  { groupId, rosterVersion }: GroupOfMessage,
  to: readonly { readonly username: string }[],
): Promise<void> {
  const roster = await rosters.find(groupId, rosterVersion)
  if (roster === null || !roster.names.has(viewer.username)) throw noSuchGroup()
  if (roster.version !== rosterVersion) throw new StaleRosterError(groupId, roster.version)
  if (!to.every(({ username }) => roster.names.has(username)))
    throw new InvalidInputError(
      'to',
      '"to" names somebody who is not a member of the group. Seal the message for members only.',
    )
}

/** What a sender is told whose version was not the newest one any more when the message was to be stored. */
export async function staleRoster(
  { rosters }: Pick<Deps, 'rosters'>,
  viewer: DeviceViewer,
  { groupId }: GroupOfMessage,
): Promise<UserError> {
  const roster = await rosters.refresh(groupId)
  if (roster === null || !roster.names.has(viewer.username)) return noSuchGroup()
  return new StaleRosterError(groupId, roster.version)
}

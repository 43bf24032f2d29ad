import type { Group } from '../../client.ts'
import type { Parameter } from '../command.ts'

/** A group, by its name; one with spaces in it stands in quotes. */
export const groupParameter: Parameter = {
  name: 'group',
  question: 'Which group? ',
  completes: 'group',
}

export const memberParameter: Parameter = {
  name: 'name',
  question: 'Whom? ',
  completes: 'account',
}

/** As groups are written everywhere: `#team`. */
export function groupTitle({ name }: Pick<Group, 'name'>): string {
  return `#${name}`
}

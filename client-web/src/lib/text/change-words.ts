import type { GroupChangeMessage } from '@fastchat/client-core'
import { tameLine } from './tame-text.ts'

/** "bob added carol and dave": one line for each change of a group. */
export function changeWords(change: GroupChangeMessage, me: string): string {
  const { action, by, subjects, name } = change
  const who = by === me ? 'You' : by
  const whom = listOf(subjects.map((subject) => (subject === me ? 'you' : subject)))
  switch (action) {
    case 'create':
      return `${who} made the group “${tameLine(name)}”${whom === '' ? '' : ` with ${whom}`}`
    case 'add':
      return `${who} added ${whom}`
    case 'kick':
      return `${who} removed ${whom}`
    case 'leave':
      return `${who} left`
    case 'hand-over':
      return `${who} handed the group over to ${whom}`
    case 'promote':
      return `${who} made ${whom} admin`
    case 'demote':
      return `${who} took the admin's rights from ${whom}`
    case 'rename':
      return `${who} named the group “${tameLine(name)}”`
    case 'delete':
      return `${who} deleted the group`
  }
  return `${who} changed the group`
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

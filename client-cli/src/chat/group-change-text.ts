import type { Message } from '../client.ts'

type GroupChange = Extract<Message, { kind: 'group-change' }>

/** A change of a group in words: `alice added bob and carol`. */
export function groupChangeText({ action, by, isMine, subjects, name }: GroupChange): string {
  const who = isMine ? 'You' : by
  const whom = listOf(subjects)
  switch (action) {
    case 'create':
      return subjects.length === 0 ? `${who} made the group` : `${who} made the group with ${whom}`
    case 'add':
      return `${who} added ${whom}`
    case 'kick':
      return `${who} removed ${whom}`
    case 'leave':
      return `${who} left`
    case 'hand-over':
      return `${who} made ${whom} admin in ${isMine ? 'your' : 'their'} place`
    case 'promote':
      return `${who} made ${whom} admin too`
    case 'demote':
      return `${who} made ${whom} a member like the others`
    case 'rename':
      return `${who} called the group #${name}`
    case 'delete':
      return `${who} deleted the group`
  }
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

import type { Username } from '../brands.ts'
import { isGroupId } from './ids.ts'
import { isUsername } from './username.ts'

const groupPrefix = 'group:'

/**
 * Names the conversation of two people: `direct:alice:bob`, the same from both sides. Both clients
 * compute it, so no server chooses it; a username never holds a colon, so it cannot be read two ways.
 */
export function directConversation(one: Username, other: Username): string {
  return `direct:${[one, other].sort().join(':')}`
}

/** The two people of a direct conversation, or `undefined` if it is not the name of one. */
export function directPair(conversation: string): readonly [Username, Username] | undefined {
  const [kind, one, other, ...rest] = conversation.split(':')
  if (kind !== 'direct' || one === undefined || other === undefined || rest.length > 0) {
    return undefined
  }
  if (!isUsername(one) || !isUsername(other) || one > other) return undefined
  return [one, other]
}

export function groupConversation(groupId: string): `group:${string}` {
  return `${groupPrefix}${groupId}`
}

/** The group whose conversation it is, or `undefined` if it is not the name of one. */
export function groupOf(conversation: string): string | undefined {
  if (!conversation.startsWith(groupPrefix)) return undefined
  const groupId = conversation.slice(groupPrefix.length)
  return isGroupId(groupId) ? groupId : undefined
}

export function isConversation(value: string): boolean {
  return groupOf(value) !== undefined || directPair(value) !== undefined
}

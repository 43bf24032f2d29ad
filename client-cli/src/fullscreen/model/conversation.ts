import type { Message } from '../../client.ts'

/** What plain text typed before any conversation is open goes to: nobody. */
export const lobby = ''

/** One line of the conversation list. */
export interface Conversation {
  /** The same for every message of it, also before the first. */
  readonly key: string
  /** What `send` and `history` of the client take. */
  readonly target: string
  readonly kind: 'direct' | 'group' | 'unreadable'
  /** As it is shown: `bob`, `#team`. Somebody else may have chosen it. */
  readonly title: string
  readonly unread: number
  /** Rings no bell before this time, in milliseconds of this device's clock. */
  readonly mutedUntilMs?: number
}

/** What the client says of a conversation. Groups come with an id and a name. */
export interface ListedConversation {
  readonly id: string
  readonly peer?: string
  readonly group?: { readonly id: string; readonly name: string }
}

export function conversationOf({ id, peer, group }: ListedConversation): Conversation {
  if (group !== undefined) {
    return { key: id, target: id, kind: 'group', title: `#${group.name}`, unread: 0 }
  }
  if (peer !== undefined) return directConversation(peer)
  return { key: id, target: id, kind: 'unreadable', title: 'unreadable', unread: 0 }
}

export function directConversation(peer: string): Conversation {
  return { key: `peer:${peer}`, target: peer, kind: 'direct', title: peer, unread: 0 }
}

/** The conversation a message belongs to, as far as the message itself tells. */
export function conversationOfMessage(message: Message): Conversation {
  const { conversation: id } = message
  const peer = 'peer' in message ? message.peer : undefined
  if (id.startsWith('group:')) return conversationOf({ id, group: { id, name: 'a group' } })
  return conversationOf({ id, ...(peer !== undefined && { peer }) })
}

export function isMuted({ mutedUntilMs = 0 }: Conversation, nowMs: number): boolean {
  return nowMs < mutedUntilMs
}

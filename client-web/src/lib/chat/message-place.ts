import type { ChatMessage } from '@fastchat/client-core'

/** Where a face files a message: under the person it is exchanged with, or under the group. */
export function addressOf(message: ChatMessage): string {
  return 'peer' in message && message.peer !== undefined ? message.peer : message.conversation
}

/**
 * What tells one row from another. Other people choose the ids of their messages, and a message of
 * one's own changes its position when a server accepts it.
 */
export function rowKey(message: ChatMessage): string {
  return isSentHere(message) ? `own ${message.id}` : message.position
}

export function isSentHere(message: ChatMessage): boolean {
  return 'state' in message && message.state !== undefined
}

export function isFromOthers(message: ChatMessage): boolean {
  return message.kind === 'unreadable' || !message.isMine
}

/** Something a person wants to read: changes of a group are told, but nobody is called for them. */
export function isNews(message: ChatMessage): boolean {
  return isFromOthers(message) && message.kind !== 'group-change'
}

/** In the order of the conversation; a message that is there already is replaced. */
export function withMessages(
  known: readonly ChatMessage[],
  news: readonly ChatMessage[],
): readonly ChatMessage[] {
  const rows = new Map(known.map((message) => [rowKey(message), message]))
  for (const message of news) rows.set(rowKey(message), message)
  return [...rows.values()].sort((one, other) => (one.position < other.position ? -1 : 1))
}

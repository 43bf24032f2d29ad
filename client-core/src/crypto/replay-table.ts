import type { Bytes } from '../brands.ts'
import { toBase64url } from './base64url.ts'

const maxSeen = 1024

/**
 * What a receiver remembers of one sending device. Plain data: the caller stores it together with
 * the message, in one transaction, so that a crash cannot forget one of them.
 */
export interface ReplayTable {
  /** Message ids, ascending; at most 1024. */
  readonly seen: readonly string[]
  /** Ids up to here have left `seen` and count as seen. Empty before the first does. */
  readonly floor: string
  /** The newest message of each conversation. */
  readonly heads: Readonly<Record<string, { readonly messageId: string; readonly hash: string }>>
}

export interface ArrivedMessage {
  readonly conversation: string
  readonly messageId: string
  readonly prevHash: Bytes
  readonly headerHash: Bytes
}

/** Where a message stands in its sender's chain; `gap` and `late` are shown to the person. */
export type ChainPlace = 'first' | 'next' | 'gap' | 'late'

export type Admission =
  | { readonly kind: 'replayed' }
  | { readonly kind: 'fresh'; readonly place: ChainPlace; readonly table: ReplayTable }

export const emptyReplayTable: ReplayTable = { seen: [], floor: '', heads: {} }

/** Decides whether an opened message is new, and what to remember of it. */
export function admitMessage(table: ReplayTable, message: ArrivedMessage): Admission {
  const { messageId } = message
  if (messageId <= table.floor || table.seen.includes(messageId)) return { kind: 'replayed' }
  const seen = [...table.seen, messageId].sort()
  // The smallest go first: ids of one device ascend, so a sender in order is never refused.
  const dropped = seen.splice(0, Math.max(0, seen.length - maxSeen))
  const place = placeInChain(table, message)
  return {
    kind: 'fresh',
    place,
    table: {
      seen,
      floor: dropped.at(-1) ?? table.floor,
      heads: place === 'late' ? table.heads : withHead(table, message),
    },
  }
}

function placeInChain(table: ReplayTable, message: ArrivedMessage): ChainPlace {
  const head = table.heads[message.conversation]
  if (head === undefined) return 'first'
  if (message.messageId < head.messageId) return 'late'
  return toBase64url(message.prevHash) === head.hash ? 'next' : 'gap'
}

function withHead(table: ReplayTable, message: ArrivedMessage): ReplayTable['heads'] {
  const { conversation, messageId } = message
  return { ...table.heads, [conversation]: { messageId, hash: toBase64url(message.headerHash) } }
}

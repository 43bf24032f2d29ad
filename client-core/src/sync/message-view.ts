import { directPair } from '../crypto/conversation.ts'
import { type FileFacts, fileFacts } from './file-view.ts'
import { decodeText } from './message-content.ts'
import type { ConversationRecord, MessageRecord } from './records.ts'
import type { SendState } from './send-state.ts'

/** A message as a face shows it. */
export type ChatMessage = TextMessage | FileMessage | UnsupportedMessage | UnreadableMessage

interface MessageFacts {
  readonly id: string
  readonly conversation: string
  /** Its place in the conversation on this device; `history` pages by it. */
  readonly position: number
  /** The sender's clock. Of an unreadable message: when the server accepted it. */
  readonly sentAtMs: number
}

interface ProvenMessage extends MessageFacts {
  /** The other person of the conversation. */
  readonly peer: string
  /** Whoever the verified signature says. */
  readonly from: string
  /** From this account, on this or another device. */
  readonly isMine: boolean
  /** The sender's message before this one never came here. */
  readonly isMissingBefore: boolean
  /** It stands before a message of the same sender that came earlier. */
  readonly isLate: boolean
  /** Only of a message that this device sends. */
  readonly state?: SendState
}

export interface TextMessage extends ProvenMessage {
  readonly kind: 'text'
  readonly text: string
}

/** A picture or a document. Its bytes come on their own: see `readFile`. */
export interface FileMessage extends ProvenMessage {
  readonly kind: 'file'
  readonly file: FileFacts
}

/** Readable, but written by a newer client: update to see it. */
export interface UnsupportedMessage extends ProvenMessage {
  readonly kind: 'unsupported'
}

/** Something arrived that could not be read. Nothing it says about its sender is proven. */
export interface UnreadableMessage extends MessageFacts {
  readonly kind: 'unreadable'
}

export interface Conversation {
  readonly id: string
  /** The other person. Absent for the place where unreadable messages are shown. */
  readonly peer?: string
  readonly lastAtMs: number
}

export function messageView(record: MessageRecord, me: string): ChatMessage {
  const { id, conversation, position, sentAtMs, from, isMissingBefore, isLate, state } = record
  const facts = { id, conversation, position, sentAtMs }
  if (from === undefined) return { kind: 'unreadable', ...facts }
  const isMine = from === me
  const other = directPair(conversation)?.find((user) => user !== me)
  const proven: ProvenMessage = {
    ...facts,
    from,
    isMine,
    peer: other ?? from,
    isMissingBefore,
    isLate,
    ...(state !== undefined && { state }),
  }
  if (record.kind === 'file') {
    const file = fileFacts(record.content, record.file ?? 'expired')
    return file === undefined
      ? { kind: 'unsupported', ...proven }
      : { kind: 'file', ...proven, file }
  }
  const text = record.kind === 'text' ? decodeText(record.content) : undefined
  return text === undefined ? { kind: 'unsupported', ...proven } : { kind: 'text', ...proven, text }
}

export function conversationView(record: ConversationRecord): Conversation {
  const { conversation: id, peer, lastAtMs } = record
  return { id, lastAtMs, ...(peer !== undefined && { peer }) }
}

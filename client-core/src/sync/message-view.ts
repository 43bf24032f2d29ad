import { directPair, groupOf } from '../crypto/conversation.ts'
import { type FileFacts, fileFacts } from './file-view.ts'
import { decodeChange } from './groups/change-line.ts'
import type { GroupAction } from './groups/group-view.ts'
import { decodeText } from './message-content.ts'
import type { ConversationRecord, MessageRecord } from './records.ts'
import type { SendState } from './send-state.ts'

/** A message as a face shows it. */
export type ChatMessage =
  | TextMessage
  | FileMessage
  | UnsupportedMessage
  | UnreadableMessage
  | GroupChangeMessage

interface MessageFacts {
  readonly id: string
  readonly conversation: string
  /**
   * Its place in the conversation: texts to compare. By the time at which a server accepted it, so
   * it is the same on every device; what this device sends stands at the end until then.
   */
  readonly position: string
  /** The sender's clock. Of an unreadable message or a change of a group: the server's. */
  readonly sentAtMs: number
}

interface ProvenMessage extends MessageFacts {
  /** The other person of the conversation. Absent in groups. */
  readonly peer?: string
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

/** A line that this device writes itself, for each change of a group that it has verified. */
export interface GroupChangeMessage extends MessageFacts {
  readonly kind: 'group-change'
  readonly action: GroupAction
  /** Who made the change: whoever the verified signature says. */
  readonly by: string
  readonly isMine: boolean
  /** Whom it is about. */
  readonly subjects: readonly string[]
  /** The group's name since then. */
  readonly name: string
}

export interface Conversation {
  readonly id: string
  /** The other person. Absent for groups, and where unreadable messages are shown. */
  readonly peer?: string
  readonly group?: { readonly id: string; readonly name: string }
  readonly lastAtMs: number
}

export function messageView(record: MessageRecord, me: string): ChatMessage {
  const { id, conversation, position, sentAtMs, from, isMissingBefore, isLate, state } = record
  const facts = { id, conversation, position, sentAtMs }
  if (from === undefined) return { kind: 'unreadable', ...facts }
  const isMine = from === me
  if (record.kind === 'group-change') {
    return { kind: 'group-change', ...facts, by: from, isMine, ...decodeChange(record.content) }
  }
  const pair = directPair(conversation)
  const proven: ProvenMessage = {
    ...facts,
    from,
    isMine,
    ...(pair !== undefined && { peer: pair.find((user) => user !== me) ?? from }),
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
  const { conversation: id, peer, groupName, lastAtMs } = record
  const groupId = groupOf(id)
  return {
    id,
    lastAtMs,
    ...(peer !== undefined && { peer }),
    ...(groupId !== undefined && { group: { id: groupId, name: groupName ?? '' } }),
  }
}

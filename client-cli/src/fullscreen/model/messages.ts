import { stateOf } from '../../chat/message-view.ts'
import { isSettled } from '../../chat/send-progress.ts'
import type { ChatEvents, Message, SendState } from '../../client.ts'
import { conversationOfMessage } from './conversation.ts'
import { ensureConversation } from './conversations.ts'
import { type ScreenState, timelineOf, withConversation, withTimeline } from './state.ts'
import {
  changeMessage,
  keyOfMessage,
  keyOfOwn,
  type MessageEntry,
  placeMessage,
  placePage,
  removeEntry,
} from './timeline.ts'

const mostEarly = 1000

/** A message came in, from others or from another device of this person. */
export function arrived(state: ScreenState, message: Message): ScreenState {
  const conversation = conversationOfMessage(message)
  const { key } = conversation
  const listed = place(ensureConversation(state, conversation), key, message)
  const isMine = 'isMine' in message && message.isMine
  if (isMine) return listed
  const { anchor, newFrom } = timelineOf(listed, key)
  const isSeen = key === state.open && state.isAttended && anchor.kind === 'end'
  if (isSeen) return listed
  const isReadingBack = key === state.open && anchor.kind === 'at'
  const marked = withTimeline(listed, key, (timeline) => ({
    ...timeline,
    newFrom: newFrom ?? keyOfMessage(message),
    below: timeline.below + (isReadingBack ? 1 : 0),
  }))
  if (key === state.open && state.isAttended) return marked
  return withConversation(marked, key, (known) => ({ ...known, unread: known.unread + 1 }))
}

/** A message of this person is on its way. It is seen at once, wherever the window stood. */
export function sent(state: ScreenState, message: Message): ScreenState {
  const conversation = conversationOfMessage(message)
  const { key } = conversation
  const placed = place(ensureConversation(state, conversation), key, message)
  const seen = withTimeline(placed, key, ({ newFrom: _seen, ...timeline }) => ({
    ...timeline,
    anchor: { kind: 'end' },
    below: 0,
  }))
  return withConversation(seen, key, (known) => ({ ...known, unread: 0 }))
}

/** A message of this device came further, perhaps before the call that sends it returned. */
export function cameFurther(
  state: ScreenState,
  { id, state: news, position }: ChatEvents['delivery'],
): ScreenState {
  const known = state.pending.get(id)
  if (known === undefined) {
    const early = new Map([...state.early].slice(-mostEarly)).set(id, news)
    return { ...state, early }
  }
  const numbered = isRetryable(news) ? withNumber(state, id, known.conversation) : state
  const number = numberOf(numbered, id)
  const changed = withTimeline(numbered, known.conversation, (timeline) =>
    changeMessage(timeline, keyOfOwn(id), (entry) => ({
      ...entry,
      message: { ...entry.message, position },
      state: news,
      ...(number !== undefined && { number }),
    })),
  )
  return { ...changed, pending: pendingWith(changed, id, known.conversation, news) }
}

/** What the device holds of a conversation: the newest page, or one before what is here. */
export function pageRead(
  state: ScreenState,
  key: string,
  page: { readonly messages: readonly Message[]; readonly isWhole: boolean },
): ScreenState {
  let next = state
  const entries: MessageEntry[] = []
  for (const message of page.messages) {
    const early = state.early.get(message.id)
    const sendState = early ?? stateOf(message)
    if (sendState !== undefined && !isSettled(sendState)) {
      next = { ...next, pending: pendingWith(next, message.id, key, sendState) }
    }
    if (sendState !== undefined && isRetryable(sendState)) next = withNumber(next, message.id, key)
    entries.push(entryOf(next, message, sendState))
  }
  return withTimeline(next, key, (timeline) => ({
    ...placePage(timeline, entries),
    older: page.isWhole ? 'none' : 'some',
  }))
}

/** The message is gone: another was sent in its place. */
export function removed(state: ScreenState, id: string, key: string): ScreenState {
  const pending = new Map(state.pending)
  pending.delete(id)
  const gone = withTimeline(state, key, (timeline) => removeEntry(timeline, keyOfOwn(id)))
  return { ...gone, pending }
}

export function isRetryable({ kind }: SendState): boolean {
  return kind === 'expired' || kind === 'failed'
}

function place(state: ScreenState, key: string, message: Message): ScreenState {
  const early = state.early.get(message.id)
  const own = stateOf(message)
  const sendState = own === undefined ? undefined : (early ?? own)
  let next = state
  if (sendState !== undefined) {
    next = { ...next, pending: pendingWith(next, message.id, key, sendState) }
    if (isRetryable(sendState)) next = withNumber(next, message.id, key)
  }
  const entry = entryOf(next, message, sendState)
  return withTimeline(next, key, (timeline) => placeMessage(timeline, entry))
}

function entryOf(
  state: ScreenState,
  message: Message,
  sendState: SendState | undefined,
): MessageEntry {
  const number = numberOf(state, message.id)
  return {
    kind: 'message',
    key: keyOfMessage(message),
    message,
    state: sendState,
    ...(number !== undefined && sendState !== undefined && { number }),
  }
}

/** Settled ones stay while they are told for the first time, so that a later word finds them. */
function pendingWith(
  { pending }: ScreenState,
  id: string,
  conversation: string,
  state: SendState,
): ScreenState['pending'] {
  const next = new Map(pending)
  if (isSettled(state) && state.kind !== 'held') next.delete(id)
  else next.set(id, { conversation, state })
  return next
}

function withNumber(state: ScreenState, id: string, conversation: string): ScreenState {
  if (numberOf(state, id) !== undefined) return state
  return { ...state, retries: [...state.retries, { id, conversation }] }
}

function numberOf({ retries }: ScreenState, id: string): number | undefined {
  const at = retries.findIndex((retry) => retry.id === id)
  return at === -1 ? undefined : at + 1
}

/** A file came further than it was when its message arrived. */
export function fileChanged(state: ScreenState, message: Message): ScreenState {
  const { key } = conversationOfMessage(message)
  return withTimeline(state, key, (timeline) =>
    changeMessage(timeline, keyOfMessage(message), (entry) => ({ ...entry, message })),
  )
}

import { editorWith, emptyEditor } from '../input/editor.ts'
import { emptyHistory } from '../input/input-history.ts'
import {
  type Conversation,
  conversationOf,
  directConversation,
  type ListedConversation,
  lobby,
} from './conversation.ts'
import {
  type Draft,
  type ScreenState,
  timelineOf,
  withConversation,
  withTimeline,
} from './state.ts'
import type { Entry } from './timeline.ts'

/** New ones come last: a list that reorders itself moves under the fingers. */
export function ensureConversation(state: ScreenState, conversation: Conversation): ScreenState {
  if (state.conversations.some(({ key }) => key === conversation.key)) return state
  return { ...state, conversations: [...state.conversations, conversation] }
}

/** What the client lists: it knows the names of groups, and what happened before this run. */
export function listed(
  state: ScreenState,
  conversations: readonly ListedConversation[],
): ScreenState {
  let next = state
  for (const given of conversations) {
    const conversation = conversationOf(given)
    next = ensureConversation(next, conversation)
    next = withConversation(next, conversation.key, (known) => {
      return known.title === conversation.title ? known : { ...known, title: conversation.title }
    })
  }
  return next
}

/** Somebody or some group becomes what is read, and where plain text goes. */
export function opened(state: ScreenState, conversation: Conversation): ScreenState {
  const { key } = conversation
  if (key === state.open) return seen(state)
  const drafts = new Map(state.drafts)
  drafts.set(state.open, { text: state.editor.text, history: state.history })
  const draft = drafts.get(key)
  const left = withTimeline(
    takeAlong(ensureConversation(state, conversation), key),
    state.open,
    // What was new when it was opened is not new any more when it is left.
    ({ newFrom: _seen, ...timeline }) => timeline,
  )
  return seen({
    ...left,
    open: key,
    drafts,
    ...writing(state, draft),
    suggestions: undefined,
    overlay: undefined,
  })
}

/** What happened before anything was open is still to be read. */
function takeAlong(state: ScreenState, key: string): ScreenState {
  if (state.open !== lobby) return state
  const isNotice = ({ kind }: Entry) => kind === 'notice'
  const notices = timelineOf(state, lobby).entries.filter(isNotice)
  const without = withTimeline(state, lobby, (timeline) => ({
    ...timeline,
    entries: timeline.entries.filter((entry) => !isNotice(entry)),
  }))
  return withTimeline(without, key, (timeline) => ({
    ...timeline,
    entries: [...timeline.entries, ...notices],
  }))
}

/** What was typed before anything was open is still wanted: the list may have come a moment late. */
function writing(
  state: ScreenState,
  draft: Draft | undefined,
): Pick<ScreenState, 'editor' | 'history'> {
  if (draft !== undefined) {
    return { editor: editorWith(draft.text, state.editor), history: draft.history }
  }
  if (state.open === lobby) return { editor: state.editor, history: state.history }
  return { editor: { ...emptyEditor, cut: state.editor.cut }, history: emptyHistory }
}

/** The person looks: nothing in the open conversation is unread, though the line stays. */
export function seen(state: ScreenState): ScreenState {
  const attended = state.isAttended ? state : { ...state, isAttended: true }
  const isUnread = attended.conversations.some(
    ({ key, unread }) => key === state.open && unread > 0,
  )
  if (!isUnread) return attended
  return withConversation(attended, state.open, (known) => ({ ...known, unread: 0 }))
}

/** The next with something unread, after the open one and round; `undefined` if there is none. */
export function nextUnread({ conversations, open }: ScreenState): Conversation | undefined {
  const at = conversations.findIndex(({ key }) => key === open)
  const round = [...conversations.slice(at + 1), ...conversations.slice(0, at + 1)]
  return round.find(({ unread, key }) => unread > 0 && key !== open)
}

export function neighbour(state: ScreenState, by: -1 | 1): Conversation | undefined {
  const { conversations, open } = state
  const at = conversations.findIndex(({ key }) => key === open)
  if (at === -1) return conversations[by === 1 ? 0 : conversations.length - 1]
  return conversations[(at + by + conversations.length) % conversations.length]
}

export function muted(state: ScreenState, key: string, untilMs: number): ScreenState {
  return withConversation(state, key, (known) => ({ ...known, mutedUntilMs: untilMs }))
}

/** The words on the screen go; the messages stay on the device. */
export function cleared(state: ScreenState): ScreenState {
  return withTimeline(state, state.open, ({ newFrom: _seen, ...timeline }) => ({
    ...timeline,
    entries: [],
    anchor: { kind: 'end' },
    below: 0,
    older: 'some',
  }))
}

/** By the name a person uses for it: a username, or the id that a command gives for a group. */
export function conversationByTarget(
  state: ScreenState,
  target: string,
  title = target,
): Conversation {
  const wanted = target.toLowerCase()
  const known = state.conversations.find((conversation) => conversation.target === wanted)
  if (known !== undefined) return known
  if (target.startsWith('group:')) {
    return { key: target, target, kind: 'group', title, unread: 0 }
  }
  return directConversation(wanted)
}

/** False if the window shows no conversation that the device holds more of. */
export function canReadOlder(state: ScreenState): boolean {
  return state.open !== lobby && timelineOf(state).older === 'some'
}

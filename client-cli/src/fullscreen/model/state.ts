import type { Heard } from '../../chat/connection-notice.ts'
import type { Group, SendState } from '../../client.ts'
import { type Editor, emptyEditor } from '../input/editor.ts'
import { emptyHistory, type InputHistory } from '../input/input-history.ts'
import { type Conversation, lobby } from './conversation.ts'
import type { Overlay } from './overlay.ts'
import type { Suggestions } from './suggestions.ts'
import { emptyTimeline, type Timeline } from './timeline.ts'

/** What is known of the other person of an open conversation. */
export interface KnownPerson {
  readonly isOnline: boolean
  readonly isVerified: boolean
  readonly hasNewKey: boolean
}

/** What is known of a group. */
export interface KnownGroup {
  readonly members: number
  readonly isAdmin: boolean
  readonly state: Group['state']
}

/** Messages of this device whose outcome is open, by id. */
export interface Pending {
  readonly conversation: string
  readonly state: SendState
}

/** What was being written in a conversation that is not open now. */
export interface Draft {
  readonly text: string
  readonly history: InputHistory
}

/** Everything the screen shows, except the size of the window and the time. */
export interface ScreenState {
  readonly me: string
  readonly conversations: readonly Conversation[]
  /** The key of the conversation that is open. */
  readonly open: string
  readonly timelines: ReadonlyMap<string, Timeline>
  readonly people: ReadonlyMap<string, KnownPerson>
  /** By the key of their conversation. */
  readonly groups: ReadonlyMap<string, KnownGroup>
  readonly pending: ReadonlyMap<string, Pending>
  /** States that were told before the message they are about. */
  readonly early: ReadonlyMap<string, SendState>
  /** Which message each number of `/retry` stands for. */
  readonly retries: readonly { readonly id: string; readonly conversation: string }[]
  readonly heard: Heard
  readonly pingMs: number | undefined
  readonly editor: Editor
  readonly history: InputHistory
  readonly drafts: ReadonlyMap<string, Draft>
  readonly suggestions: Suggestions | undefined
  readonly overlay: Overlay | undefined
  /** What a command asks; the next line is the answer. */
  readonly question: string | undefined
  /** False while the window lies behind another, as far as the terminal tells. */
  readonly isAttended: boolean
  /** Makes keys of notices. */
  readonly counter: number
}

export function firstState(me: string): ScreenState {
  return {
    me,
    conversations: [],
    open: lobby,
    timelines: new Map(),
    people: new Map(),
    groups: new Map(),
    pending: new Map(),
    early: new Map(),
    retries: [],
    heard: { kind: 'nothing' },
    pingMs: undefined,
    editor: emptyEditor,
    history: emptyHistory,
    drafts: new Map(),
    suggestions: undefined,
    overlay: undefined,
    question: undefined,
    isAttended: true,
    counter: 0,
  }
}

export function timelineOf(state: ScreenState, key: string = state.open): Timeline {
  return state.timelines.get(key) ?? emptyTimeline
}

export function openConversation(state: ScreenState): Conversation | undefined {
  return state.conversations.find(({ key }) => key === state.open)
}

export function withTimeline(
  state: ScreenState,
  key: string,
  change: (timeline: Timeline) => Timeline,
): ScreenState {
  const timelines = new Map(state.timelines).set(key, change(timelineOf(state, key)))
  return { ...state, timelines }
}

export function withConversation(
  state: ScreenState,
  key: string,
  change: (conversation: Conversation) => Conversation,
): ScreenState {
  const conversations = state.conversations.map((conversation) =>
    conversation.key === key ? change(conversation) : conversation,
  )
  return { ...state, conversations }
}

/** Unread messages of all conversations, for the title of the window. */
export function unreadCount({ conversations }: ScreenState): number {
  return conversations.reduce((sum, { unread }) => sum + unread, 0)
}

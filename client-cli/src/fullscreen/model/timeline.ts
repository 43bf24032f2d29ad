import { stateOf } from '../../chat/message-view.ts'
import type { Message, SendState } from '../../client.ts'
import type { Tone } from '../../text/style.ts'

const most = 2000

/** Something that stands in the message area. */
export type Entry = MessageEntry | NoticeEntry | AnswerEntry

export interface MessageEntry {
  readonly kind: 'message'
  readonly key: string
  readonly message: Message
  readonly state: SendState | undefined
  /** What `/retry` calls it, once there is something to retry. */
  readonly number?: number
}

/** Something happened. */
export interface NoticeEntry {
  readonly kind: 'notice'
  readonly key: string
  readonly atMs: number
  readonly text: string
  readonly tone: Tone
}

/** What the program answered to a command. */
export interface AnswerEntry {
  readonly kind: 'answer'
  readonly key: string
  readonly command: string | undefined
  readonly lines: readonly string[]
}

/** Where the window into the messages ends: at the newest, or so many rows above the end of an entry. */
export type Anchor =
  | { readonly kind: 'end' }
  | { readonly kind: 'at'; readonly key: string; readonly skippedRows: number }

export interface Timeline {
  readonly entries: readonly Entry[]
  readonly anchor: Anchor
  /** The first message that the person had not seen when it came. */
  readonly newFrom?: string
  /** Messages that came while the person looked at older ones. */
  readonly below: number
  /** Whether the device holds messages before the first that is here. */
  readonly older: 'unknown' | 'reading' | 'some' | 'none'
}

export const emptyTimeline: Timeline = {
  entries: [],
  anchor: { kind: 'end' },
  below: 0,
  older: 'unknown',
}

/** Ids are chosen by senders: one sender's id says nothing about another's message. */
export function keyOfMessage(message: Message): string {
  const from = 'from' in message ? message.from : ''
  return `${stateOf(message) === undefined ? `from ${from}` : 'own'} ${message.id}`
}

export function keyOfOwn(id: string): string {
  return `own ${id}`
}

/** Puts a message where the client says it stands. Said again it takes the place of the first. */
export function placeMessage(timeline: Timeline, entry: MessageEntry): Timeline {
  const { entries } = timeline
  const last = entries.findLast((other) => other.kind === 'message')
  const isNewest = last === undefined || isBefore(last, entry)
  if (isNewest && !entries.some(({ key }) => key === entry.key)) {
    return withEntries(timeline, [...entries, entry])
  }
  const others = entries.filter(({ key }) => key !== entry.key)
  const before = others.findLastIndex((other) => other.kind === 'message' && isBefore(other, entry))
  // What is not a message stays behind the message it came after.
  let at = before + 1
  while (at < others.length && others[at]?.kind !== 'message') at += 1
  return withEntries(timeline, others.toSpliced(at, 0, entry))
}

/** A page of the past: in front of what is here already, except what is here already. */
export function placePage(timeline: Timeline, page: readonly MessageEntry[]): Timeline {
  const known = new Set(timeline.entries.map(({ key }) => key))
  const added = page.filter(({ key }) => !known.has(key))
  return withEntries(timeline, [...added, ...timeline.entries])
}

export function append(timeline: Timeline, entry: NoticeEntry | AnswerEntry): Timeline {
  return withEntries(timeline, [...timeline.entries, entry])
}

export function removeEntry(timeline: Timeline, key: string): Timeline {
  return withEntries(
    timeline,
    timeline.entries.filter((entry) => entry.key !== key),
  )
}

/** A message that a server accepted gets its place among those of others: then it moves. */
export function changeMessage(
  timeline: Timeline,
  key: string,
  change: (entry: MessageEntry) => MessageEntry,
): Timeline {
  const at = timeline.entries.findLastIndex((entry) => entry.key === key)
  const entry = timeline.entries[at]
  if (entry?.kind !== 'message') return timeline
  const changed = change(entry)
  const isInPlace = changed.message.position === entry.message.position
  if (!isInPlace) return placeMessage(timeline, changed)
  return withEntries(timeline, timeline.entries.with(at, changed))
}

function isBefore(one: Entry, other: MessageEntry): boolean {
  return one.kind !== 'message' || one.message.position <= other.message.position
}

/** A day of flood must not fill the memory: the oldest go, and are read again when scrolled to. */
function withEntries(timeline: Timeline, entries: readonly Entry[]): Timeline {
  if (entries.length <= most) return { ...timeline, entries }
  const isReadingBack = timeline.anchor.kind === 'at'
  if (isReadingBack && entries.length <= most * 2) return { ...timeline, entries }
  return { ...timeline, entries: entries.slice(-most), older: 'some' }
}

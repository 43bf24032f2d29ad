import type { ChatMessage } from '@fastchat/client-core'
import { startOfDay } from '#lib/text/durations.ts'
import { isNews, rowKey } from './message-place.ts'

/** Messages of one person that belong together are at most so far apart. */
const runMs = 5 * 60_000

export interface MessageRow {
  readonly kind: 'message'
  readonly key: string
  readonly message: ChatMessage
  /** The first of several by one person in a short time. */
  readonly startsRun: boolean
  readonly endsRun: boolean
}

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly atMs: number }
  | { readonly kind: 'new'; readonly key: string; readonly count: number }
  | MessageRow

/** Messages with the lines between them: days, and where what is new begins. */
export function timelineRows(messages: readonly ChatMessage[], newFrom: string): readonly Row[] {
  const rows: Row[] = []
  let day: number | undefined
  let isNewMarked = newFrom === ''
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1]
    const after = messages[index + 1]
    const today = startOfDay(message.sentAtMs)
    const key = rowKey(message)
    if (today !== day) rows.push({ kind: 'day', key: `day ${key}`, atMs: message.sentAtMs })
    const isFirstNew = !isNewMarked && isNews(message) && message.position > newFrom
    if (isFirstNew) rows.push({ kind: 'new', key: 'new', count: countNew(messages, newFrom) })
    isNewMarked ||= isFirstNew
    const startsRun = isFirstNew || today !== day || !isOneRun(before, message)
    rows.push({ kind: 'message', key, message, startsRun, endsRun: !isOneRun(message, after) })
    day = today
  }
  return rows
}

function countNew(messages: readonly ChatMessage[], newFrom: string): number {
  return messages.filter((message) => isNews(message) && message.position > newFrom).length
}

function isOneRun(one: ChatMessage | undefined, next: ChatMessage | undefined): boolean {
  if (one === undefined || next === undefined) return false
  const author = authorOf(one)
  return author !== undefined && author === authorOf(next) && next.sentAtMs - one.sentAtMs < runMs
}

function authorOf(message: ChatMessage): string | undefined {
  return 'from' in message ? message.from : undefined
}

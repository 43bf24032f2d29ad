import { textOf } from '../../chat/message-view.ts'
import { displayWidth } from '../../text/display-width.ts'
import { clockTime } from '../../text/duration.ts'
import { safeLine } from '../../text/safe-text.ts'
import { wrap, wrapHanging } from '../../text/wrap.ts'
import type { AnswerEntry, Entry, NoticeEntry, Timeline } from '../model/timeline.ts'
import { messageRows, type RowLook } from './message-rows.ts'

const timeWidth = 7

/** Rows of each entry, kept for as long as neither the entry nor the window changes. */
export class RowCache {
  #kept = new WeakMap<Entry, { readonly look: string; readonly rows: readonly string[] }>()

  rowsOf(entry: Entry, look: RowLook): readonly string[] {
    const moves = entry.kind === 'message' && entry.state?.kind === 'stored'
    const key = `${look.area.left} ${look.area.width} ${moves ? Math.ceil(look.nowMs / 1000) : ''}`
    const kept = this.#kept.get(entry)
    if (kept?.look === key) return kept.rows
    const rows = entryRows(entry, look)
    this.#kept.set(entry, { look: key, rows })
    return rows
  }
}

/** What an entry and the lines in front of it take: a new day, or the beginning of what is new. */
export function rowsAt(
  timeline: Timeline,
  index: number,
  { look, cache }: { readonly look: RowLook; readonly cache: RowCache },
): readonly string[] {
  const entry = timeline.entries[index]
  if (entry === undefined) return []
  const rows = cache.rowsOf(entry, look)
  const before = [...dayRow(timeline, index, look), ...newRow(timeline, entry, look)]
  return before.length === 0 ? rows : [...before, ...rows]
}

function entryRows(entry: Entry, look: RowLook): readonly string[] {
  switch (entry.kind) {
    case 'message': {
      const { message } = entry
      if (message.kind !== 'group-change') return messageRows(entry, look)
      return noticeRows({ atMs: message.sentAtMs, text: textOf(message), tone: 'quiet' }, look)
    }
    case 'notice':
      return noticeRows(entry, look)
    case 'answer':
      return answerRows(entry, look)
  }
}

function noticeRows(
  { atMs, text, tone }: Pick<NoticeEntry, 'atMs' | 'text' | 'tone'>,
  look: RowLook,
): readonly string[] {
  const { area, marks, paint } = look
  const time = clockTime(new Date(atMs))
  // What is said of the connection has a mark of its own.
  const isMarked = [marks.up, marks.down].some((mark) => text.startsWith(`${mark} `))
  const said = isMarked ? safeLine(text) : `${marks.notice} ${safeLine(text)}`
  const lines = wrap(said, area.width - 1 - timeWidth)
  return lines.map((line, index) => {
    const left = index === 0 ? `${paint('quiet', time)}  ` : ' '.repeat(timeWidth + 2)
    return left + paint(tone, line)
  })
}

function answerRows({ command, lines }: AnswerEntry, look: RowLook): readonly string[] {
  const { area, marks, paint } = look
  const width = area.width - 1
  const asked = command === undefined ? [] : wrap(`${marks.prompt} ${safeLine(command)}`, width)
  return [
    ...asked.map((line) => paint('quiet', line)),
    ...lines.flatMap((line) => wrapHanging(`  ${safeLine(line)}`, width)),
  ]
}

function dayRow({ entries }: Timeline, index: number, look: RowLook): readonly string[] {
  const day = dayOf(entries[index])
  if (day === undefined) return []
  for (let before = index - 1; before >= 0; before--) {
    const other = dayOf(entries[before])
    if (other === undefined) continue
    return other === day ? [] : [line(dayName(day, look.nowMs), 'quiet', look)]
  }
  return [line(dayName(day, look.nowMs), 'quiet', look)]
}

function newRow(timeline: Timeline, entry: Entry, look: RowLook): readonly string[] {
  if (timeline.newFrom !== entry.key) return []
  const from = timeline.entries.indexOf(entry)
  const count = timeline.entries.slice(from).filter(isOfOthers).length
  return [line(`${count} new`, 'waiting', look)]
}

function isOfOthers(entry: Entry): boolean {
  return entry.kind === 'message' && !('isMine' in entry.message && entry.message.isMine)
}

function line(label: string, tone: 'quiet' | 'waiting', { area, marks, paint }: RowLook): string {
  const width = area.width - 1
  const before = Math.max(2, Math.floor((width - displayWidth(label) - 2) / 2))
  const after = Math.max(0, width - before - displayWidth(label) - 2)
  return paint(tone, `${marks.line.repeat(before)} ${label} ${marks.line.repeat(after)}`)
}

/** Only messages know the day; notices are of this run. */
function dayOf(entry: Entry | undefined): string | undefined {
  return entry?.kind === 'message' ? dayKey(entry.message.sentAtMs) : undefined
}

function dayKey(atMs: number): string {
  const at = new Date(atMs)
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
}

function dayName(day: string, nowMs: number): string {
  if (day === dayKey(nowMs)) return 'Today'
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const yesterday = new Date(nowMs)
  yesterday.setDate(yesterday.getDate() - 1)
  if (day === dayKey(yesterday.getTime())) return 'Yesterday'
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(year, month - 1, date))
}

import type { Operations } from '#lib/api/documents.ts'
import { clock, count, type Figure, percent, rate } from '#lib/text/format.ts'
import type { Tone } from '#lib/text/words.ts'
import { type Column, type History, latest, perMinute, shareOf } from './history.ts'

export interface SixNumber {
  readonly name: string
  readonly figure: Figure
  readonly tone: Tone
  /** Of a lifetime, where it is about one. */
  readonly left?: number
  readonly column: Column
  /** The least top of the scale: a flat line is to look flat. */
  readonly top: number
  write(value: number): string
}

/** What an operator looks at first, each with its course. */
export function sixNumbers(
  { totals, waiting }: Operations,
  { columns }: History,
  seconds: number,
): readonly SixNumber[] {
  const over = (column: Column | undefined) => latest(column, seconds)
  const share = waiting.oldestMs === null ? 0 : waiting.oldestMs / waiting.limitMs
  const plain = (value: string): Figure => ({ value, unit: '' })
  return [
    {
      name: 'Sends per second',
      figure: plain(rate(totals.sendsPerSecond)),
      ...{ tone: 'good', column: over(columns.sends), top: 5, write: rate },
    },
    {
      name: 'Deliveries per second',
      figure: plain(rate(totals.deliveriesPerSecond)),
      ...{ tone: 'good', column: over(columns.deliveries), top: 5, write: rate },
    },
    {
      name: 'Waiting now',
      figure: plain(count(waiting.messages)),
      ...{ tone: 'good', column: over(columns.waiting), top: 10, write: count },
    },
    {
      name: 'Oldest waiting',
      figure:
        waiting.oldestMs === null
          ? { value: 'none', unit: '' }
          : { value: clock(waiting.oldestMs), unit: `of ${clock(waiting.limitMs)}` },
      ...{ tone: toneOfAge(share), column: over(columns.oldestMs), top: waiting.limitMs },
      ...(waiting.oldestMs !== null && { left: 1 - share }),
      write: clock,
    },
    {
      name: 'Expired per minute',
      figure: plain(count(totals.expiredPerMinute)),
      ...{ tone: totals.expiredPerMinute > 0 ? 'warn' : 'good', top: 10, write: count },
      column: over(perMinute(columns.expired ?? [])),
    },
    {
      name: 'Errors',
      figure: percent(totals.errorShare),
      ...{ tone: totals.errorShare > 0.01 ? 'bad' : 'good', top: 0.01 },
      column: over(shareOf(columns.errors ?? [], columns.operations ?? [])),
      write: (value) => `${percent(value).value} %`,
    },
  ]
}

/** By the part of its lifetime that a message has waited: past the half it is old, past three quarters nearly gone. */
export function toneOfAge(share: number): Tone {
  if (share >= 0.75) return 'bad'
  return share >= 0.5 ? 'warn' : 'good'
}

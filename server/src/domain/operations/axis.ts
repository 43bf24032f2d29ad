/** Seconds that are over, as an axis: everything that is shown over time has a value for each of them. */
export interface Axis {
  /** Since 1970; the first and the last second. */
  readonly from: number
  readonly to: number
  readonly length: number
}

/** Five minutes. */
export const historySeconds = 300

/** The second that is running is left out: not everybody has said yet what happened in it. */
export function axisUntil(now: number): Axis {
  const to = Math.floor(now / 1000) - 1
  return { from: to - historySeconds + 1, to, length: historySeconds }
}

/** -1 or less, or `length` or more: not on it. */
export function placeOn(axis: Axis, at: Date): number {
  return Math.floor(at.getTime() / 1000) - axis.from
}

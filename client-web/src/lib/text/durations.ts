/** `1:12`, as on a kitchen clock; rounded up, so that 0:00 means over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
})
const dayMs = 86_400_000

export function timeOfDay(ms: number): string {
  return clockTime.format(ms)
}

/** Time today, weekday this week, else the date: for a list. */
export function shortWhen(ms: number, nowMs: number): string {
  if (startOfDay(ms) === startOfDay(nowMs)) return clockTime.format(ms)
  if (nowMs - ms < 6 * dayMs && ms <= nowMs) return weekday.format(ms)
  return dayAndMonth.format(ms)
}

/** Today, Yesterday, else the day in full: for a line between messages. */
export function dayName(ms: number, nowMs: number): string {
  const days = Math.round((startOfDay(nowMs) - startOfDay(ms)) / dayMs)
  if (days === 0) return 'Today'
  return days === 1 ? 'Yesterday' : longDay.format(ms)
}

export function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

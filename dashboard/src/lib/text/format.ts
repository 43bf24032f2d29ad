/** A number and its unit: the unit is set smaller. */
export interface Figure {
  readonly value: string
  readonly unit: string
}

/** What is not known. */
export const nothing = '–'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

export function count(value: number): string {
  return whole.format(value)
}

/** Small rates say more with a decimal. */
export function rate(perSecond: number): string {
  return perSecond < 10 ? tenths.format(perSecond) : whole.format(perSecond)
}

export function percent(share: number): Figure {
  const value = share * 100
  return { value: value < 10 ? tenths.format(value) : whole.format(value), unit: '%' }
}

export function millis(ms: number | null): Figure {
  if (ms === null) return { value: nothing, unit: '' }
  if (ms >= 10_000) return { value: whole.format(ms / 1000), unit: 's' }
  if (ms >= 1000) return { value: tenths.format(ms / 1000), unit: 's' }
  return { value: ms < 10 ? tenths.format(ms) : whole.format(ms), unit: 'ms' }
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

export function bytes(value: number | null): Figure {
  if (value === null) return { value: nothing, unit: '' }
  let size = value
  let step = 0
  // 999.5 kB would be written as 1,000 kB.
  while (size >= 999.5 && step < byteUnits.length - 1) {
    size /= 1000
    step += 1
  }
  const isSmall = step > 0 && size < 9.95
  return { value: (isSmall ? tenths : whole).format(size), unit: byteUnits[step] ?? 'B' }
}

export function inWords({ value, unit }: Figure): string {
  return unit === '' ? value : `${value} ${unit}`
}

/** 1:47, as on the dial of a message. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`
}

/** How long ago, precise where it changes quickly. */
export function ago(ms: number): string {
  const past = Math.max(0, ms)
  return past < 9950 ? `${(past / 1000).toFixed(1)} s ago` : `${span(past)} ago`
}

/** The two largest units that say anything: 3 h 20 min. */
export function span(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000))
  if (total < 120) return `${total} s`
  const minutes = Math.floor(total / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min')
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** The time of day; with the date when that is another one than `now` has. */
export function moment(at: Date, now: Date, locale?: string): string {
  const isToday = at.toDateString() === now.toDateString()
  return new Intl.DateTimeFormat(locale, {
    ...(!isToday && { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

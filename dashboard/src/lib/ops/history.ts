/** Values of a second each, in columns that end with the same second. Null: nobody knows. */
export interface History {
  /** The last second, since 1970. */
  readonly until: number
  readonly columns: Readonly<Record<string, Column>>
}

export type Column = readonly (number | null)[]

export const noHistory: History = { until: 0, columns: {} }

/** An hour: more than the servers keep, for as long as the page is open. */
export const keptSeconds = 3600

/** Puts what was told behind what is known. What was told later counts: of the last seconds not everything is known at once. */
export function extend(known: History, told: History): History {
  if (known.until === 0) return told
  const until = Math.max(known.until, told.until)
  const names = new Set([...Object.keys(known.columns), ...Object.keys(told.columns)])
  const columns: Record<string, Column> = {}
  for (const name of names)
    columns[name] = join(
      until,
      { until: known.until, column: known.columns[name] ?? [] },
      { until: told.until, column: told.columns[name] ?? [] },
    )
  return { until, columns }
}

interface Stretch {
  readonly until: number
  readonly column: Column
}

function join(until: number, ...stretches: readonly Stretch[]): Column {
  const first = Math.min(...stretches.map(({ until, column }) => until - column.length + 1))
  const length = Math.min(keptSeconds, until - first + 1)
  const joined = Array<number | null>(length).fill(null)
  for (const { until: end, column } of stretches)
    for (const [place, value] of column.entries()) {
      const at = length - 1 - (until - end) - (column.length - 1 - place)
      if (at >= 0) joined[at] = value
    }
  return joined
}

/** The last so many seconds; nulls in front where less is known. */
export function latest(column: Column | undefined, seconds: number): Column {
  const known = (column ?? []).slice(-seconds)
  return [...Array<null>(seconds - known.length).fill(null), ...known]
}

/** For each second the sum of the minute that ends with it: what "per minute" means. */
export function perMinute(column: Column): Column {
  let sum = 0
  return column.map((value, place) => {
    sum += (value ?? 0) - (column[place - 60] ?? 0)
    return value === null ? null : Math.max(0, sum)
  })
}

/** One column's share of another, each over the minute before. */
export function shareOf(part: Column, of: Column): Column {
  const [parts, wholes] = [perMinute(part), perMinute(of)]
  return parts.map((value, place) => {
    const whole = wholes[place] ?? null
    return value === null || whole === null ? null : value / Math.max(1, whole)
  })
}

/** At most so many points. `worst` keeps the peaks, `mean` the level. */
export function thin(column: Column, points: number, how: 'mean' | 'worst'): Column {
  if (column.length <= points) return column
  const size = column.length / points
  return Array.from({ length: points }, (_, point) => {
    const part = column
      .slice(Math.floor(point * size), Math.floor((point + 1) * size))
      .filter((value) => value !== null)
    if (part.length === 0) return null
    if (how === 'worst') return Math.max(...part)
    return part.reduce((total, value) => total + value, 0) / part.length
  })
}

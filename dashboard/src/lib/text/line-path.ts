export interface Frame {
  readonly width: number
  readonly height: number
  /** The top of the scale, unless the values are higher. */
  readonly top: number
}

/** A line through the values and the area below it, as SVG paths. What is not known is a gap, not a zero. */
export function linePath(
  values: readonly (number | null)[],
  { width, height, top }: Frame,
): { readonly line: string; readonly area: string } {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), top)
  const step = width / Math.max(1, values.length - 1)
  const xOf = (place: number) => round(place * step)
  const yOf = (value: number) => round(height - 1.5 - (value / highest) * (height - 3))

  const stretches: { from: number; to: number; line: string }[] = []
  for (const [place, value] of values.entries()) {
    if (value === null) continue
    const point = `${xOf(place)} ${yOf(value)}`
    const last = stretches.at(-1)
    if (last?.to === place - 1) {
      last.line += `L${point}`
      last.to = place
    } else stretches.push({ from: place, to: place, line: `M${point}` })
  }
  return {
    line: stretches.map(({ line }) => line).join(''),
    area: stretches
      .map(({ from, to, line }) => `${line}L${xOf(to)} ${height}L${xOf(from)} ${height}Z`)
      .join(''),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

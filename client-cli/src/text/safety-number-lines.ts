/** Sixty digits as people read them to each other: four groups of five a line. */
export function safetyNumberLines(digits: string): readonly string[] {
  const groups = digits.split(' ')
  return [0, 4, 8].map((start) => groups.slice(start, start + 4).join(' '))
}

/** How well a name fits what was typed, the higher the better; `undefined` if letters are missing. */
export function fuzzyScore(typed: string, name: string): number | undefined {
  const wanted = Array.from(typed.toLowerCase())
  const letters = Array.from(name.toLowerCase())
  let score = 0
  let at = 0
  let last = -1
  for (const letter of wanted) {
    const found = letters.indexOf(letter, at)
    if (found === -1) return undefined
    // Letters that follow each other, or begin a word, are what people type.
    if (found === last + 1) score += 3
    if (found === 0 || /[^\p{L}\p{N}]/u.test(letters[found - 1] ?? '')) score += 2
    score -= (found - at) * 0.1
    last = found
    at = found + 1
  }
  return score - letters.length * 0.01
}

/** Those that fit, the best first; all of them, as they stand, if nothing was typed. */
export function fuzzyFilter<T>(
  typed: string,
  items: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  if (typed.trim() === '') return items
  return items
    .flatMap((item) => {
      const score = fuzzyScore(typed.trim(), nameOf(item))
      return score === undefined ? [] : [{ item, score }]
    })
    .toSorted((one, other) => other.score - one.score)
    .map(({ item }) => item)
}

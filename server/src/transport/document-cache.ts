/** A bounded memory of documents that costs nothing on a hit: two generations, the older dropped when the younger is full. */
export interface DocumentCache<T> {
  get(source: string): T | undefined
  set(source: string, value: T): void
}

const generationSize = 500
/** Characters in one generation: with its syntax tree a document takes some fifty times its text. */
const generationChars = 256 * 1024

export function createDocumentCache<T>(): DocumentCache<T> {
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  let chars = 0

  const set = (source: string, value: T) => {
    if (young.size >= generationSize || chars + source.length > generationChars) {
      old = young
      young = new Map()
      chars = 0
    }
    young.set(source, value)
    chars += source.length
  }

  return {
    get(source) {
      const hit = young.get(source)
      if (hit !== undefined) return hit
      const kept = old.get(source)
      if (kept !== undefined) set(source, kept)
      return kept
    },
    set,
  }
}

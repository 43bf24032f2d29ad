/** The only application block that changes what is seen: how often the picture repeats. */
const looping = ['NETSCAPE2.0', 'ANIMEXTS1.0']

/**
 * A moving picture stays one, so it is not drawn anew: comments and application data are cut out of
 * it (GIF89a, sections 17 to 26). Returns `undefined`, does not throw, if it is damaged.
 */
export function withoutGifComments(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> | undefined {
  const kept: Uint8Array[] = []
  const keep = (start: number, end: number) => kept.push(bytes.subarray(start, end))
  let at = 13 + colorTable(bytes[10] ?? 0)
  keep(0, at)
  while (at < bytes.length) {
    const start = at
    const kind = bytes[at]
    if (kind === 0x3b) {
      keep(start, start + 1)
      return joined(kept)
    }
    if (kind === 0x2c) {
      at = skipBlocks(bytes, at + 11 + colorTable(bytes[at + 9] ?? 0))
      keep(start, at)
    } else if (kind === 0x21) {
      at = skipBlocks(bytes, at + 2)
      if (isSeen(bytes, start)) keep(start, at)
    } else return undefined
  }
  return undefined
}

function isSeen(bytes: Uint8Array, start: number): boolean {
  const label = bytes[start + 1]
  if (label === 0xff) {
    return looping.includes(String.fromCharCode(...bytes.subarray(start + 3, start + 14)))
  }
  return label === 0xf9
}

function colorTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Blocks that say their length, to the one of length zero. */
function skipBlocks(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return bytes.length
    at += 1 + length
    if (length === 0) return at
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

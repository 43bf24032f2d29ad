export interface Picture {
  readonly background: string
  readonly cells: readonly { readonly x: number; readonly y: number; readonly fill: string }[]
}

/** Five by five cells, the left half mirrored, in the colours of the first bytes. */
export function pictureOf(bytes: Uint8Array): Picture {
  const hue = (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 360
  const turn = 30 + ((bytes[2] ?? 0) % 50)
  const cells = []
  for (let y = 0; y < 5; y += 1) {
    for (let x = 0; x < 5; x += 1) {
      const column = x > 2 ? 4 - x : x
      const byte = bytes[3 + y * 3 + column] ?? 0
      if (byte % 9 < 5)
        cells.push({ x, y, fill: `hsl(${hue + turn * (byte & 16 ? 1 : 0)} 42% 46%)` })
    }
  }
  return { background: `hsl(${hue} 38% 88%)`, cells }
}

/** For what has no key, such as a group: 32 bytes that a text decides. Not a secret and no proof. */
export function bytesOfText(text: string): Uint8Array {
  let state = 2166136261
  return Uint8Array.from({ length: 32 }, (_, index) => {
    for (const character of `${index} ${text}`) {
      state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619)
    }
    return (state >>> 11) & 255
  })
}

/** Something that must, or must not, be found, in every form in which it may have been written down. */
export interface Needle {
  readonly name: string
  readonly forms: readonly Buffer[]
}

export function needle(name: string, secret: Uint8Array | string): Needle {
  const bytes = Buffer.from(secret as string)
  // Base64 of a text depends on where the secret begins in it: three places, less what neighbours share.
  const aligned = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const inner = text.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -2)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...aligned]
  return { name, forms: [bytes, ...texts.map((text) => Buffer.from(text))] }
}

/** Names of those that are in it. */
export function findNeedles(haystack: Buffer, needles: readonly Needle[]): readonly string[] {
  return needles
    .filter(({ forms }) => forms.some((form) => haystack.includes(form)))
    .map(({ name }) => name)
}

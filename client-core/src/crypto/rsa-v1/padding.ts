import type { Bytes } from '../../brands.ts'
import { MalformedError } from '../canonical-cbor.ts'

const block = 256
const mark = 0x80

/** ISO/IEC 7816-4: a mark, then zeros up to a multiple of 256, so lengths say little (T13). */
export function pad(content: Uint8Array): Bytes {
  const padded = new Uint8Array(Math.floor(content.length / block) * block + block)
  padded.set(content)
  padded[content.length] = mark
  return padded
}

/** Throws unless the bytes are what `pad` makes of exactly one content. */
export function unpad(padded: Bytes): Bytes {
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded.length % block !== 0 || padded[end] !== mark || padded.length - end > block) {
    throw new MalformedError('padding is not of its one form')
  }
  return padded.slice(0, end)
}

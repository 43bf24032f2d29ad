import { inflateSync } from 'node:zlib'

const needed = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
const signatureBytes = 8

/**
 * The same picture without what is not needed to see it: no texts, no profile, no further frames.
 * Throws if its pixels unpack to more than its header says; the decoder would not notice that of an
 * interlaced picture before the memory is full.
 */
export function plainPng(bytes: Uint8Array): Uint8Array {
  const parts = [bytes.subarray(0, signatureBytes)]
  const packed: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = signatureBytes; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) throw new Error('a part of the picture ends after the picture')
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (needed.has(kind)) parts.push(bytes.subarray(at, end))
    if (kind === 'IDAT') packed.push(bytes.subarray(at + 8, at + 8 + length))
    // What comes after the end is no part of the picture.
    if (kind === 'IEND') break
    at = end
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  // Eight bytes are the most a pixel has, and each row of each of seven passes has one of its own.
  const maxOutputLength = width * height * 8 + height * 7 + 64
  inflateSync(Buffer.concat(packed), { maxOutputLength })
  return Buffer.concat(parts)
}

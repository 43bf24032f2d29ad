import type { Plaintext } from '../brands.ts'
import { type CborValue, encodeCanonical } from './canonical-cbor.ts'
import { parseCanonical, type Shape } from './shape.ts'

/** Makes what `seal` takes out of a value, such as `{ text: 'hello' }`. */
export function encodePlaintext(value: CborValue): Plaintext {
  return encodeCanonical(value) as Plaintext
}

/**
 * Reads what `open` gave. Returns `undefined`, does not throw, if it is not of the shape: the sender
 * is then known but runs another version, or is out to break this one.
 */
export function decodePlaintext<T>(plaintext: Plaintext, shape: Shape<T>): T | undefined {
  try {
    return parseCanonical(plaintext, shape)
  } catch {
    return undefined
  }
}

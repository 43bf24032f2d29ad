import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import type { Bytes } from '../brands.ts'
import { equalBytes } from './bytes.ts'

export type CborValue =
  | string
  | number
  | boolean
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue }

/** Bytes that are not what they should be. The text is for programmers; it holds no content. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
}

/** RFC 8949 §4.2.1: one value has exactly one encoding, so a hash or signature names the value. */
export function encodeCanonical(value: CborValue): Bytes {
  if (!isCborValue(value)) throw new MalformedError('value has a type that is never signed')
  return new Uint8Array(encode(value, rfc8949EncodeOptions))
}

/** Throws `MalformedError` unless the bytes are the one canonical encoding of one value. */
export function decodeCanonical(bytes: Uint8Array): CborValue {
  const value = decodeStrictly(bytes)
  if (!isCborValue(value)) throw new MalformedError('CBOR holds a type that is never signed')
  // The decoder lets map order, float widths and broken UTF-8 pass; encoding again lets nothing.
  if (!equalBytes(encode(value, rfc8949EncodeOptions), bytes)) {
    throw new MalformedError('CBOR is not canonical')
  }
  return value
}

function decodeStrictly(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowBigInt: false,
      rejectDuplicateMapKeys: true,
    })
  } catch {
    // The decoder's own text may quote content, and deep nesting surfaces as a RangeError.
    throw new MalformedError('bytes are not CBOR')
  }
}

function isCborValue(value: unknown): value is CborValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (value instanceof Uint8Array) return true
  if (Array.isArray(value)) return value.every(isCborValue)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every(isCborValue)
}

import { decode, encode, rfc8949EncodeOptions } from 'cborg'

/** RFC 8949 §4.2.1: one value has exactly one encoding. Returns undefined unless the bytes are that encoding. */
export function decodeCanonical(bytes: Uint8Array): unknown {
  try {
    const value: unknown = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowBigInt: false,
      rejectDuplicateMapKeys: true,
    })
    // The decoder lets map order, float widths and broken UTF-8 pass; encoding again lets nothing.
    return Buffer.compare(encode(value, rfc8949EncodeOptions), bytes) === 0 ? value : undefined
  } catch {
    return undefined
  }
}

import type { Bytes, Plaintext } from '../brands.ts'
import { decodePlaintext, encodePlaintext } from '../crypto/plaintext.ts'
import { oneOf, record, text } from '../crypto/shape.ts'

/** What a person writes. */
export interface TextContent {
  readonly text: string
}

const textShape = record({ v: oneOf(1), text: text(() => true) })

export function encodeText({ text }: TextContent): Plaintext {
  return encodePlaintext({ v: 1, text })
}

/** Returns `undefined`, does not throw, if a newer client wrote something else. */
export function decodeText(content: Bytes): string | undefined {
  return decodePlaintext(content as Plaintext, textShape)?.text
}

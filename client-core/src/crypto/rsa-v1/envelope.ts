import type { Bytes, Sealed } from '../../brands.ts'
import { encodeCanonical } from '../canonical-cbor.ts'
import { signatureLength } from '../context-signature.ts'
import { sha256 } from '../hash.ts'
import { bytes, bytesOf, list, oneOf, parseCanonical, record } from '../shape.ts'
import { hashLength, maxRecipientDevices } from './header.ts'

/** Far above any message; it only bounds what a receiver is made to parse. */
const maxCiphertextLength = 2 ** 20

export interface Envelope {
  readonly header: Bytes
  readonly iv: Bytes
  readonly ciphertext: Bytes
  /** SHA-256 of each wrap, in the order of the devices in the header. */
  readonly wrapHashes: readonly Bytes[]
  readonly signature: Bytes
}

const envelopeShape = record({
  v: oneOf(1),
  header: bytes({ min: 1, max: 2 ** 16 }),
  iv: bytesOf(12),
  ciphertext: bytes({ min: 16, max: maxCiphertextLength }),
  wrapHashes: list(bytesOf(hashLength), maxRecipientDevices),
  signature: bytesOf(signatureLength),
})

export function encodeEnvelope(envelope: Envelope): Sealed {
  const encoded = encodeCanonical({ v: 1, ...envelope })
  // Refused here rather than by every receiver, for instance when the content is too long.
  parseEnvelope(encoded)
  return encoded as Sealed
}

export function parseEnvelope(encoded: Uint8Array): Envelope {
  const { v: _v, ...envelope } = parseCanonical(encoded, envelopeShape)
  return envelope
}

/** What the sending device signs: header, body and every wrap, each by its hash. */
export async function signedParts(
  headerHash: Bytes,
  envelope: Omit<Envelope, 'header' | 'signature'>,
): Promise<readonly Bytes[]> {
  const { iv, ciphertext, wrapHashes } = envelope
  return [headerHash, await sha256(iv, ciphertext), await sha256(...wrapHashes)]
}

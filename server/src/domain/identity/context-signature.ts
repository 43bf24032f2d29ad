import { createPublicKey, verify } from 'node:crypto'

/** Each thing a FastChat key signs begins with its label: a signature made for one purpose is worthless for another. */
export const signatureContexts = {
  deviceList: 'fastchat/device-list/v1',
  roster: 'fastchat/roster/v1',
  attach: 'fastchat/attach/v1',
  registerDevice: 'fastchat/register-device/v1',
  signIn: 'fastchat/sign-in/v1',
} as const

export type SignatureContext = keyof typeof signatureContexts

// RFC 8410 §4: what comes before the 32 bytes of an Ed25519 key in SPKI.
const spkiStart = Buffer.from('302a300506032b6570032100', 'hex')

/** Returns false, and never throws, whatever the bytes are. */
export function verifyInContext(
  context: SignatureContext,
  publicKey: Uint8Array,
  signature: Uint8Array,
  ...parts: readonly Uint8Array[]
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const signed = Buffer.concat([utf8(signatureContexts[context]), ...parts])
  try {
    const spki = Buffer.concat([spkiStart, publicKey])
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    return verify(null, signed, key, signature)
  } catch {
    // Not a point of the curve.
    return false
  }
}

export function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8')
}

/** Four bytes of length first, so that two neighbouring texts cannot be cut in another place. */
export function lengthPrefixed(text: string): Buffer {
  const bytes = utf8(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

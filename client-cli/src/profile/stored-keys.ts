import type { StoredKeys } from '@fastchat/client-core'

/** What is inside the key file once it is open. */
export interface KeyFileContent {
  /** The server this device signed up at. */
  readonly url: string
  readonly keys: StoredKeys
}

const fields = ['url', 'encryptionKey', 'signingKey', 'decryption', 'signing', 'storage'] as const
type Stored = { readonly [Field in (typeof fields)[number]]: string }

const decryptionAlgorithm = { name: 'RSA-OAEP', hash: 'SHA-256' }

export async function encodeKeys({ url, keys }: KeyFileContent): Promise<Buffer> {
  const { device, storageKey } = keys
  const { subtle } = globalThis.crypto
  const stored: Stored = {
    url,
    encryptionKey: Buffer.from(device.encryptionKey).toString('base64'),
    signingKey: Buffer.from(device.signingKey).toString('base64'),
    decryption: base64(await subtle.exportKey('pkcs8', device.privateKeys.decryption)),
    signing: base64(await subtle.exportKey('pkcs8', device.privateKeys.signing)),
    storage: base64(await subtle.exportKey('raw', storageKey)),
  }
  return Buffer.from(JSON.stringify({ v: 1, ...stored }))
}

/** Returns `undefined`, does not throw, if this is not what `encodeKeys` wrote. */
export async function decodeKeys(content: Uint8Array): Promise<KeyFileContent | undefined> {
  const stored = parse(content)
  if (stored === undefined) return undefined
  const { subtle } = globalThis.crypto
  try {
    const [decryption, signing, storageKey] = await Promise.all([
      // Extractable, because a changed password or server writes the file anew.
      subtle.importKey('pkcs8', bytes(stored.decryption), decryptionAlgorithm, true, ['decrypt']),
      subtle.importKey('pkcs8', bytes(stored.signing), 'Ed25519', true, ['sign']),
      subtle.importKey('raw', bytes(stored.storage), 'AES-GCM', true, ['encrypt', 'decrypt']),
    ])
    const device = {
      encryptionKey: bytes(stored.encryptionKey),
      signingKey: bytes(stored.signingKey),
      privateKeys: { decryption, signing },
    }
    return { url: stored.url, keys: { device, storageKey } }
  } catch {
    return undefined
  }
}

function parse(content: Uint8Array): Stored | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(content).toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const found = value as Partial<Record<string, unknown>>
  const isStored = found.v === 1 && fields.every((field) => typeof found[field] === 'string')
  return isStored ? (value as Stored) : undefined
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

function base64(key: ArrayBuffer): string {
  return Buffer.from(key).toString('base64')
}

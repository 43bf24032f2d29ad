import type { StoredKeys } from '@fastchat/client-core'

/** Real keys, of a smaller kind where that is quicker. */
export async function someKeys(): Promise<StoredKeys> {
  const { subtle } = globalThis.crypto
  const rsa = {
    name: 'RSA-OAEP',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  }
  const [encryption, signing, storageKey] = await Promise.all([
    subtle.generateKey(rsa, true, ['encrypt', 'decrypt']),
    subtle.generateKey('Ed25519', true, ['sign', 'verify']),
    subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']),
  ])
  return {
    device: {
      encryptionKey: new Uint8Array(await subtle.exportKey('spki', encryption.publicKey)),
      signingKey: new Uint8Array(await subtle.exportKey('raw', signing.publicKey)),
      privateKeys: { decryption: encryption.privateKey, signing: signing.privateKey },
    },
    storageKey,
  }
}

import { memoryKeyStore } from '@fastchat/client-core'
import { graphqlApi } from '../../client-core/src/api/graphql-api.ts'
import type { Username } from '../../client-core/src/brands.ts'
import { openAccountKeys } from '../../client-core/src/sync/account-keys.ts'
import { provePassword } from '../../client-core/src/sync/password-proof.ts'
import { openRecordStore } from '../../client-core/src/sync/record-store.ts'
import { type Needle, needle } from './needles.ts'
import { type Installation, newInstallation } from './people.ts'

/** A client whose keys a test can carry away to look for them elsewhere. */
export function transparentInstallation(): Installation {
  return { ...newInstallation(), keys: { ...memoryKeyStore(), needsExtractableKeys: true } }
}

/** Everything that only this person may have. */
export async function secretsOf(
  url: string,
  person: { readonly username: string; readonly password: string },
  { storage, keys }: Installation,
): Promise<readonly Needle[]> {
  const { username, password } = person
  const stored = await keys.load()
  if (stored === undefined) throw new Error(`${username} has no keys yet.`)
  const { subtle } = globalThis.crypto
  const { decryption, signing } = stored.device.privateKeys
  const rsa = await subtle.exportKey('jwk', decryption)
  const ed25519 = await subtle.exportKey('jwk', signing)
  const session = await (await openRecordStore(storage, stored.storageKey)).get('session', {
    name: '',
  })
  const parts = { d: rsa.d, p: rsa.p, q: rsa.q, 'signing key': ed25519.d }
  return [
    needle(`the password of ${username}`, password),
    needle(`the token of ${username}`, session?.token ?? ''),
    needle(`the token of ${username}, as bytes`, Buffer.from(session?.token ?? '', 'base64url')),
    needle(
      `the storage key of ${username}`,
      new Uint8Array(await subtle.exportKey('raw', stored.storageKey)),
    ),
    needle(`the identity key of ${username}`, await identityOf(url, person)),
    ...Object.entries(parts).map(([part, value]) =>
      needle(`${part} of ${username}`, Buffer.from(value ?? '', 'base64url').subarray(0, 32)),
    ),
  ]
}

/** The private key in the vault, which the password opens. */
async function identityOf(
  url: string,
  { username: name, password }: { readonly username: string; readonly password: string },
): Promise<Uint8Array> {
  const username = name as Username
  const proof = await provePassword(graphqlApi, { url, username, password })
  if (proof.kind !== 'proven') throw new Error(`The password of ${username} is another one.`)
  const { identity } = await openAccountKeys(username, proof.exportKey, proof.signedIn.viewer, 1)
  return identity.secret.expose((bytes) => Buffer.from(bytes.subarray(-32)))
}

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Username } from '../../client-core/src/brands.ts'
import { directConversation } from '../../client-core/src/crypto/conversation.ts'
import { type DeviceKeys, generateDeviceKeys } from '../../client-core/src/crypto/device-keys.ts'
import type { Device } from '../../client-core/src/crypto/device-list.ts'
import {
  createDeviceList,
  type SignedDeviceList,
} from '../../client-core/src/crypto/device-list-changes.ts'
import { createIdentity } from '../../client-core/src/crypto/identity.ts'
import { createMessageId } from '../../client-core/src/crypto/ids.ts'
import { encodePlaintext } from '../../client-core/src/crypto/plaintext.ts'
import { sealRsaV1 } from '../../client-core/src/crypto/rsa-v1/seal.ts'

export interface BenchAccount {
  readonly username: Username
  readonly deviceId: string
  readonly token: string
  readonly keys: DeviceKeys
  readonly signed: SignedDeviceList
}

/** A message as it goes over the wire, but for its id. */
export interface SealedBody {
  readonly envelope: string
  readonly wrappedKey: string
}

/**
 * Signed-in accounts, written straight into the tables: the password's key stretching would take minutes, and what is
 * measured begins after it. All share one pair of device keys, since making 200 would take minutes as well.
 */
export async function createAccounts(databaseUrl: string, count: number): Promise<BenchAccount[]> {
  const keys = await generateDeviceKeys({ extractable: true })
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const accounts: BenchAccount[] = []
    for (let index = 0; index < count; index += 1)
      accounts.push(await createAccount(client, keys, index))
    return accounts
  } finally {
    await client.end()
  }
}

/** Somebody who could be signed in, known to no server. */
export async function makeAccount(keys: DeviceKeys, username: Username): Promise<BenchAccount> {
  const deviceId = randomUUID()
  const token = randomBytes(32).toString('base64url')
  const { encryptionKey, signingKey } = keys
  const device: Device = { id: deviceId, name: 'bench', encryptionKey, signingKey }
  const signed = await createDeviceList(await createIdentity(), username, device)
  return { username, deviceId, token, keys, signed }
}

async function createAccount(
  client: pg.Client,
  keys: DeviceKeys,
  index: number,
): Promise<BenchAccount> {
  const account = await makeAccount(keys, `bench${index}` as Username)
  const { username, deviceId, token, signed } = account
  const clientId = randomUUID()
  await client.query(
    `INSERT INTO clients (id, username, username_skeleton, identity_key, opaque_record, vault, vault_version,
      device_list, device_list_signature, device_list_version)
    VALUES ($1, $2, $2, $3, 'none', '\\x01', 1, $4, $5, 1)`,
    [clientId, username, signed.list.identityKey, signed.bytes, signed.signature],
  )
  await client.query(
    `INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in) VALUES ($1, $2, 'bench', $3, $4, 1)`,
    [deviceId, clientId, keys.encryptionKey, keys.signingKey],
  )
  await client.query('INSERT INTO mailboxes (device_id) VALUES ($1)', [deviceId])
  await client.query(
    `INSERT INTO sessions (id, token_hash, client_id, device_id, expires_at) VALUES ($1, $2, $3, $4, now() + interval '1 hour')`,
    [randomUUID(), createHash('sha256').update(token).digest(), clientId, deviceId],
  )
  return account
}

/** Real RSA_V1 envelopes around a text of `textBytes` bytes. */
export function sealBodies(
  from: BenchAccount,
  to: BenchAccount,
  options: { readonly count: number; readonly textBytes: number },
): Promise<SealedBody[]> {
  return Promise.all(
    Array.from({ length: options.count }, async () => {
      const { envelope, wraps } = await sealRsaV1({
        content: encodePlaintext({ text: 'x'.repeat(options.textBytes) }),
        conversation: directConversation(from.username, to.username),
        messageId: createMessageId(Date.now(), null),
        kind: 'text',
        sentAt: Date.now(),
        ttlMs: 120_000,
        prevHash: new Uint8Array(0),
        sender: { user: from.username, deviceId: from.deviceId, keys: from.keys },
        recipients: [to.signed.list],
      })
      return {
        envelope: base64url(envelope),
        wrappedKey: base64url(wraps[0]?.wrap ?? new Uint8Array()),
      }
    }),
  )
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

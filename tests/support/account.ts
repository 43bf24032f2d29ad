import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Username } from '../../client-core/src/brands.ts'
import { type DeviceKeys, generateDeviceKeys } from '../../client-core/src/crypto/device-keys.ts'
import {
  createDeviceList,
  type SignedDeviceList,
} from '../../client-core/src/crypto/device-list-changes.ts'
import { createIdentity, type Identity } from '../../client-core/src/crypto/identity.ts'
import type { Sql } from './sql.ts'

/** Everything of an account that its owner has, and a server must never see most of. */
export interface Account {
  readonly username: Username
  readonly clientId: string
  readonly deviceId: string
  readonly token: string
  readonly keys: DeviceKeys
  readonly identity: Identity
  readonly signed: SignedDeviceList
}

/**
 * A signed-in account, written straight into the tables: for tests that speak to the wire themselves and are not about
 * passwords, whose stretching takes a second each.
 */
export async function createAccount(sql: Sql, name: string, given?: DeviceKeys): Promise<Account> {
  const username = name as Username
  const keys = given ?? (await generateDeviceKeys({ extractable: true }))
  const identity = await createIdentity()
  const [deviceId, clientId] = [randomUUID(), randomUUID()]
  const token = randomBytes(32).toString('base64url')
  const { encryptionKey, signingKey } = keys
  const device = { id: deviceId, name: `${name}'s`, encryptionKey, signingKey }
  const signed = await createDeviceList(identity, username, device)
  await sql.rows(
    `INSERT INTO clients (id, username, username_skeleton, identity_key, opaque_record, vault, vault_version,
      device_list, device_list_signature, device_list_version)
    VALUES ($1, $2, $2, $3, 'none', '\\x01', 1, $4, $5, 1)`,
    [clientId, username, signed.list.identityKey, signed.bytes, signed.signature],
  )
  await sql.rows(
    'INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in) VALUES ($1, $2, $3, $4, $5, 1)',
    [deviceId, clientId, device.name, encryptionKey, signingKey],
  )
  await sql.rows('INSERT INTO mailboxes (device_id) VALUES ($1)', [deviceId])
  await sql.rows(
    `INSERT INTO sessions (id, token_hash, client_id, device_id, expires_at)
    VALUES ($1, $2, $3, $4, now() + interval '1 hour')`,
    [randomUUID(), createHash('sha256').update(token).digest(), clientId, deviceId],
  )
  return { username, clientId, deviceId, token, keys, identity, signed }
}

import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import type { Acceptance } from '../store/accept-messages.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { createExpiryStore } from '../store/expiry.ts'
import { createMailboxStore } from '../store/mailboxes.ts'
import { createMessageStore } from '../store/messages.ts'

let testDatabase: TestDatabase
/** Open while the tests of a file run that called `useDatabase`. */
export let database: Database

export function useDatabase(): void {
  before(async () => {
    testDatabase = await createTestDatabase()
    database = openDatabase({ url: testDatabase.url, poolSize: 12, onError: () => {} })
  })
  after(async () => {
    await database.close()
    await testDatabase.drop()
  })
}

const quota = { messages: 1000, bytes: 32 * 1024 * 1024 }

/** The stores of one server; called again, those of another. */
export const stores = (messageTtlMs = 120_000, limits = quota) => ({
  messages: createMessageStore(database, { messageTtlMs, quota: limits }),
  mailboxes: createMailboxStore(database),
  expiry: createExpiryStore(database, { messageTtlMs, quota: limits }),
})

/** An account with one device and its mailbox; keys are random, since the store looks at none. */
export async function person(version = 1) {
  const [clientId, deviceId] = [randomUUID(), randomUUID()]
  const username = `p${clientId.slice(0, 8)}`
  await database.pool.query(
    `INSERT INTO clients (id, username, username_skeleton, identity_key, opaque_record, vault, vault_version, device_list, device_list_signature, device_list_version)
    VALUES ($1, $2, $2, $3, 'record', '\\x01', 1, '\\x01', $4, $5)`,
    [clientId, username, randomBytes(32), randomBytes(64), version],
  )
  await database.pool.query(
    `INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in) VALUES ($1, $2, 'laptop', $3, $4, 1)`,
    [deviceId, clientId, randomBytes(422), randomBytes(32)],
  )
  await database.pool.query('INSERT INTO mailboxes (device_id) VALUES ($1)', [deviceId])
  return { clientId, deviceId, version }
}

export type Person = Awaited<ReturnType<typeof person>>

/** A message as the rules hand it to the store. */
export const message = (
  from: Person,
  to: readonly Person[],
  envelope: Uint8Array = randomBytes(700),
) => ({
  senderDeviceId: from.deviceId,
  senderServer: 1,
  messageId: randomUUID(),
  requestHash: randomBytes(32),
  envelope,
  deviceLists: to.map(({ clientId, version }) => ({ clientId, version })),
  keys: to.map(({ deviceId }) => ({ deviceId, wrappedKey: randomBytes(384) })),
})

export const references = (
  { deviceId }: Person,
  ...sent: readonly { readonly messageId: string }[]
) => sent.map(({ messageId }) => ({ senderDeviceId: deviceId, messageId }))

export function assertAccepted(acceptance: Acceptance) {
  assert.equal(acceptance.kind, 'accepted')
  return acceptance as Extract<Acceptance, { kind: 'accepted' }>
}

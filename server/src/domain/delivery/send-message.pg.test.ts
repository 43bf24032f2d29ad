import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { type GroupPerson, type GroupServer, startGroupServer } from '../../testing/group-server.ts'
import type { Deps } from '../deps.ts'
import { createDeviceSets } from '../directory/device-sets.ts'
import { InvalidInputError, StaleDeviceListError } from '../errors.ts'
import { sendMessage } from './send-message.ts'

let testDatabase: TestDatabase
let server: GroupServer
let deps: Deps

before(async () => {
  testDatabase = await createTestDatabase()
  server = startGroupServer(testDatabase.url)
  deps = {
    ...server.deps,
    server: { id: 1 },
    sendLimiter: { take: async () => {} },
    // Time stands still: nothing is looked up again because it is old, and no note comes from other servers.
    deviceSets: createDeviceSets(server.deps.store, { now: () => 0 }),
    deliveries: { now: Date.now, notify() {}, watch: { add() {} }, counters: { accepted: 0 } },
  } as unknown as Deps
})
after(async () => {
  await server.close()
  await testDatabase.drop()
})

async function send(from: GroupPerson, to: GroupPerson, version: number, devices: string[]) {
  const keys = devices.map((deviceId) => ({ deviceId, wrappedKey: randomBytes(16) }))
  const { deliveries } = await sendMessage(deps, from.viewer, {
    clientMessageId: randomUUID(),
    envelope: randomBytes(32),
    to: [{ username: to.username, deviceListVersion: version, keys }],
  })
  return deliveries.map(({ deviceId }) => deviceId).toSorted()
}

/** At another server, which this one hears nothing of. */
async function addDevice({ clientId }: GroupPerson): Promise<string> {
  const { pool } = server.database
  const deviceId = randomUUID()
  await pool.query('UPDATE clients SET device_list_version = 2 WHERE id = $1', [clientId])
  await pool.query(
    `INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in) VALUES ($1, $2, 'phone', $3, $4, 2)`,
    [deviceId, clientId, randomBytes(422), randomBytes(32)],
  )
  await pool.query('INSERT INTO mailboxes (device_id) VALUES ($1)', [deviceId])
  return deviceId
}

test('a message for a device that another server has just added is accepted at once', async () => {
  const [alice, bob] = await Promise.all([server.person('alice'), server.person('bob')])
  await send(alice, bob, 1, [bob.deviceId])

  const phone = await addDevice(bob)
  const sealed = [bob.deviceId, phone].toSorted()

  assert.deepEqual(await send(alice, bob, 2, sealed), sealed)
})

test('a message to somebody who has a name that another had before is accepted at once', async () => {
  const [alice, before, bob] = await Promise.all(['alice', 'bob', 'bob'].map(server.person))
  assert.ok(alice && before && bob)
  await send(alice, before, 1, [before.deviceId])

  const { pool } = server.database
  await pool.query(`UPDATE clients SET username = $2, username_skeleton = $2 WHERE id = $1`, [
    before.clientId,
    `gone.${randomUUID().slice(0, 8)}`,
  ])
  await pool.query(`UPDATE clients SET username = $2, username_skeleton = $2 WHERE id = $1`, [
    bob.clientId,
    before.username,
  ])
  const renamed = { ...bob, username: before.username }

  assert.deepEqual(await send(alice, renamed, 1, [bob.deviceId]), [bob.deviceId])
})

test('a set that is not the current one is refused by what the database says now', async () => {
  const [alice, bob] = await Promise.all([server.person('alice'), server.person('bob')])
  await send(alice, bob, 1, [bob.deviceId])

  await assert.rejects(send(alice, bob, 1, [randomUUID()]), InvalidInputError)
  await assert.rejects(send(alice, bob, 1, [bob.deviceId, randomUUID()]), InvalidInputError)
  await assert.rejects(
    send(alice, bob, 2, [bob.deviceId]),
    (error) => error instanceof StaleDeviceListError && error.currentVersion === 1,
  )
  const phone = await addDevice(bob)
  await assert.rejects(send(alice, bob, 2, [bob.deviceId]), InvalidInputError)
  await assert.rejects(
    send(alice, bob, 1, [bob.deviceId]),
    (error) => error instanceof StaleDeviceListError && error.currentVersion === 2,
  )
  const { rows } = await server.database.pool.query(
    'SELECT count(*)::int AS stored FROM msg_store WHERE device_id = ANY($1)',
    [[bob.deviceId, phone]],
  )
  assert.equal(rows[0].stored, 1)
})

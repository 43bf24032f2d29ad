import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '../../../../tests/support/database.ts'
import { createDevice, proveRegistration } from '../../testing/device-lists.ts'
import { type IdentityServer, startIdentityServer } from '../../testing/identity-server.ts'
import { type Person, signIn, signUp, viewerOf } from '../../testing/person.ts'
import { RateLimitedError } from '../errors.ts'
import { createOpaqueSetup } from '../identity/opaque-server.ts'
import { registerDevice } from '../identity/register-device.ts'
import { revokeDevice } from '../identity/revoke-device.ts'
import { createDeviceSets } from './device-sets.ts'
import { lookUpAccounts } from './look-up-accounts.ts'
import { createPresence } from './presence.ts'
import { searchAccounts } from './search-accounts.ts'

let server: IdentityServer
let alice: Person
let drop: () => Promise<void>

const names = ['bob', 'bob-a', 'bob.c', 'bob_b', 'bobby', 'bobxb', 'carol']

before(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  server = startIdentityServer({ url: database.url, serverSetup: await createOpaqueSetup() })
  alice = await signUp(server.deps, 'alice')
  for (const name of names) await signUp(server.deps, name)
})
after(async () => {
  await server.close()
  await drop()
})

async function search(prefix: string, after: string | null = null, limit = 100) {
  const { accounts, hasNextPage } = await searchAccounts(server.deps, alice.viewer, {
    prefix,
    after,
    limit,
  })
  return { found: accounts.map(({ username }) => username), hasNextPage }
}

test('names are found by how they begin, in any case, in the order of their characters', async () => {
  const { found } = await search('BOB')

  assert.deepEqual(found, ['bob', 'bob-a', 'bob.c', 'bob_b', 'bobby', 'bobxb'])
})

test('pages join without a gap and without a name twice', async () => {
  const pages: string[] = []
  let hasNextPage = true
  for (let after: string | null = null; hasNextPage; after = pages.at(-1) ?? null) {
    const page = await search('bob', after, 2)
    pages.push(...page.found)
    hasNextPage = page.hasNextPage
  }

  assert.deepEqual(pages, ['bob', 'bob-a', 'bob.c', 'bob_b', 'bobby', 'bobxb'])
})

test('"_" stands for itself', async () => {
  assert.deepEqual((await search('bob_')).found, ['bob_b'])
})

for (const prefix of [
  '%%',
  'b%',
  '\\_',
  "' OR '1'='1",
  "';DROP TABLE clients;--",
  '$1',
  'бо',
  '.*',
])
  test(`${JSON.stringify(prefix)} finds nobody and breaks nothing`, async () => {
    assert.deepEqual((await search(prefix)).found, [])
    assert.deepEqual((await search('carol')).found, ['carol'])
  })

test('accounts are answered in the order asked for, with null where there is none', async () => {
  const accounts = await lookUpAccounts(server.deps, alice.viewer, [
    'carol',
    'no one',
    'nobody',
    'BOB',
    'carol',
  ])

  assert.deepEqual(
    accounts.map((account) => account?.username ?? null),
    ['carol', null, null, 'bob', 'carol'],
  )
})

test('look-ups of one account are limited, and those of another are not', async () => {
  const limited = {
    ...server.deps,
    rates: { ...server.deps.rates, lookUp: { burst: 2, perSecond: 0.001 } },
  }
  const mallory = await signUp(server.deps, 'mallory')
  await lookUpAccounts(limited, mallory.viewer, ['bob'])
  await lookUpAccounts(limited, mallory.viewer, ['bob'])

  await assert.rejects(
    lookUpAccounts(limited, mallory.viewer, ['bob']),
    (error) => error instanceof RateLimitedError && error.retryAfterMs > 900_000,
  )
  assert.equal((await lookUpAccounts(limited, alice.viewer, ['bob'])).length, 1)
})

async function attach(person: Person, serverId: number): Promise<void> {
  await server.query(
    `UPDATE mailboxes SET attachment_id = gen_random_uuid(), attached_server = $2, attached_at = clock_timestamp()
     WHERE device_id = $1`,
    [person.device.id, serverId],
  )
}

async function startServer(id: number): Promise<void> {
  await server.query(
    `INSERT INTO servers (id, url, state, version, ttl_ms, started_at, heartbeat_at)
     VALUES ($1, 'http://127.0.0.1', 'UP', '0', 120000, clock_timestamp(), clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET started_at = clock_timestamp(), heartbeat_at = clock_timestamp(), state = 'UP'`,
    [id],
  )
}

const isOnline = (person: Person) =>
  createPresence(server.deps.store).isOnline(person.viewer.clientId)

test('an account is online while a device is attached to a server that lives', async () => {
  const dora = await signUp(server.deps, 'dora')
  await startServer(1)
  assert.equal(await isOnline(dora), false)

  await attach(dora, 1)
  assert.equal(await isOnline(dora), true)

  await server.query(
    `UPDATE servers SET heartbeat_at = clock_timestamp() - interval '5 seconds' WHERE id = 1`,
  )
  assert.equal(await isOnline(dora), false)
})

test('an attachment to a server that died and came back is none', async () => {
  const eve = await signUp(server.deps, 'eve')
  await startServer(2)
  await attach(eve, 2)
  assert.equal(await isOnline(eve), true)

  await startServer(2)

  assert.equal(await isOnline(eve), false)
})

test('nobody is online on a server that is down', async () => {
  const frank = await signUp(server.deps, 'frank')
  await startServer(3)
  await attach(frank, 3)

  await server.query(`UPDATE servers SET state = 'DOWN' WHERE id = 3`)

  assert.equal(await isOnline(frank), false)
})

test('device sets follow the device list', async () => {
  const gina = await signUp(server.deps, 'gina')
  const phone = createDevice('phone')
  const sets = createDeviceSets(server.deps.store)
  const { token } = await signIn(server.deps, gina)
  const list = gina.identity.signList({ ...gina, version: 2, devices: [gina.device, phone] })
  const deviceProof = proveRegistration(phone, 'gina')

  assert.deepEqual((await sets.find('gina', 1))?.deviceIds, [gina.device.id])
  await registerDevice(server.deps, await viewerOf(server.deps, token), {
    ...list,
    deviceId: phone.id,
    deviceProof,
  })
  assert.deepEqual((await sets.find('gina', 2))?.deviceIds, [gina.device.id, phone.id].sort())
  const without = gina.identity.signList({ ...gina, version: 3, devices: [phone] })
  await revokeDevice(server.deps, gina.viewer, { ...without, deviceId: gina.device.id })

  const last = await sets.find('gina', 3)
  assert.equal(last?.clientId, gina.viewer.clientId)
  assert.equal(last?.currentVersion, 3)
  assert.deepEqual(last?.deviceIds, [phone.id])
  assert.equal(await sets.find('nobody', 1), null)
})

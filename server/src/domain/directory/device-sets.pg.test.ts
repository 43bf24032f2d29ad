import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { type GroupServer, startGroupServer } from '../../testing/group-server.ts'
import { createDeviceSets } from './device-sets.ts'

let testDatabase: TestDatabase
let server: GroupServer

before(async () => {
  testDatabase = await createTestDatabase()
  server = startGroupServer(testDatabase.url)
})
after(async () => {
  await server.close()
  await testDatabase.drop()
})

test('the devices of a whole group are one question to the database, and each gets its own', async () => {
  const people = await Promise.all(['alice', 'bob', 'carol'].map(server.person))
  const sets = createDeviceSets(server.deps.store)
  let questions = 0
  server.database.pool.on('acquire', () => {
    questions += 1
  })

  const names = [...people.map(({ username }) => username), 'nobody']
  const found = await Promise.all(names.map((name) => sets.find(name, 1)))

  assert.equal(questions, 1)
  assert.deepEqual(
    found.map((set) => set?.deviceIds),
    [...people.map(({ deviceId }) => [deviceId]), undefined],
  )
})

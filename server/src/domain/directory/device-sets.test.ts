import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CurrentDevices } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { createDeviceSets } from './device-sets.ts'

function startDirectory() {
  const kept = new Map<string, CurrentDevices>()
  const reads: string[] = []
  let now = 0
  const accounts = {
    async findCurrentDevices(username: string) {
      reads.push(username)
      return kept.get(username) ?? null
    },
  }
  const store = { accounts } as unknown as Pick<Deps['store'], 'accounts'>
  const set = (username: string, version: number) =>
    kept.set(username, { clientId: `id-${username}`, version, deviceIds: [`device-${version}`] })
  return {
    set,
    reads,
    passMs: (ms: number) => {
      now += ms
    },
    sets: createDeviceSets(store, { maxAccounts: 2, freshForMs: 1000, now: () => now }),
  }
}

test('a set that is known and fresh costs no read', async () => {
  const { sets, set, reads } = startDirectory()
  set('alice', 3)

  const first = await sets.find('alice', 3)
  const second = await sets.find('alice', 3)

  assert.deepEqual(reads, ['alice'])
  assert.deepEqual(second, first)
  assert.equal(second?.currentVersion, 3)
})

test('senders who ask at the same time share one read', async () => {
  const { sets, set, reads } = startDirectory()
  set('alice', 1)

  await Promise.all([sets.find('alice', 1), sets.find('alice', 1), sets.find('alice', 1)])

  assert.deepEqual(reads, ['alice'])
})

test('a sender who knows a newer version leads to another look', async () => {
  const { sets, set } = startDirectory()
  set('alice', 1)
  await sets.find('alice', 1)

  set('alice', 2)

  assert.deepEqual((await sets.find('alice', 2))?.deviceIds, ['device-2'])
})

test('a sender who knows a newer version is not answered by a read that began before', async () => {
  const { sets, set } = startDirectory()
  set('alice', 1)
  const early = sets.find('alice', 1)

  set('alice', 2)
  const late = await sets.find('alice', 2)

  assert.equal((await early)?.currentVersion, 1)
  assert.equal(late?.currentVersion, 2)
})

test('a note makes the old set be forgotten at once, and only the old one', async () => {
  const { sets, set, reads } = startDirectory()
  set('alice', 1)
  await sets.find('alice', 1)
  set('alice', 2)

  sets.noticeVersion('alice', 2)
  await sets.find('alice', 1)
  sets.noticeVersion('alice', 2)
  const found = await sets.find('alice', 1)

  assert.equal(found?.currentVersion, 2)
  assert.deepEqual(reads, ['alice', 'alice'])
})

test('a read under way when the note comes is not remembered', async () => {
  const { sets, set } = startDirectory()
  set('alice', 1)
  const early = sets.find('alice', 1)
  set('alice', 2)

  sets.noticeVersion('alice', 2)
  await early

  assert.equal((await sets.find('alice', 1))?.currentVersion, 2)
})

test('a lost note goes unnoticed for a while and no longer', async () => {
  const { sets, set, passMs } = startDirectory()
  set('alice', 1)
  await sets.find('alice', 1)
  set('alice', 2)

  passMs(999)
  assert.equal((await sets.find('alice', 1))?.currentVersion, 1)
  passMs(1)
  assert.equal((await sets.find('alice', 1))?.currentVersion, 2)
})

test('the account that was used least recently is forgotten first', async () => {
  const { sets, set, reads } = startDirectory()
  for (const username of ['alice', 'bob', 'carol']) set(username, 1)
  await sets.find('alice', 1)
  await sets.find('bob', 1)
  await sets.find('alice', 1)

  await sets.find('carol', 1)
  await sets.find('alice', 1)
  await sets.find('bob', 1)

  assert.deepEqual(reads, ['alice', 'bob', 'carol', 'bob'])
})

test('a name nobody has is null, and is looked up again', async () => {
  const { sets, set } = startDirectory()

  assert.equal(await sets.find('nobody', 1), null)
  set('nobody', 1)

  assert.equal((await sets.find('nobody', 1))?.currentVersion, 1)
})

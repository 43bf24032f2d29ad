import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntry, firstEntry, nextEntry } from '../../testing/roster-entries.ts'
import type { Deps } from '../deps.ts'
import { InvalidInputError, NotFoundError, StaleRosterError } from '../errors.ts'
import type { DeviceViewer } from '../viewer.ts'
import { checkRoster, staleRoster } from './check-roster.ts'
import { createRosters } from './rosters.ts'

const [deviceId, groupId] = ['a', 'b'].map(() => crypto.randomUUID() as string) as [string, string]
const identityKey = new Uint8Array(32)
const alice = { username: 'alice', deviceId } as DeviceViewer
const mallory = { username: 'mallory', deviceId } as DeviceViewer
const first = firstEntry(
  alice,
  ['alice', 'bob', 'carol'].map((user) => ({ user, identityKey })),
  {
    group: groupId,
  },
)
const second = nextEntry(first, alice, {
  action: 'kick',
  subjects: ['bob'],
  members: first.members.filter(({ user }) => user !== 'bob'),
})

/** A store with one group, of which the newest entry can be changed. */
function setUp(maxGroups = 10) {
  const heads = new Map([[groupId, first]])
  const reads: string[] = []
  const groups = {
    async findHead(id: string) {
      reads.push(id)
      const head = heads.get(id)
      return head === undefined ? null : { version: head.version, entry: encodeEntry(head) }
    },
  }
  const rosters = createRosters({ groups } as unknown as Deps['store'], { maxGroups })
  return { heads, reads, rosters }
}

const to = (...names: readonly string[]) => names.map((username) => ({ username }))
const at = (rosterVersion: number, id: string = groupId) => ({ groupId: id, rosterVersion })

test('the members of a version are read once, however many messages are sent to them', async () => {
  const { rosters, reads } = setUp()

  await checkRoster({ rosters }, alice, at(1), to('bob', 'carol'))
  await checkRoster({ rosters }, alice, at(1), to('carol'))

  assert.deepEqual(reads, [groupId])
})

test('a sender who knows a newer version leads to another look, and an older one is told of it', async () => {
  const { rosters, heads } = setUp()
  await checkRoster({ rosters }, alice, at(1), to('bob'))
  heads.set(groupId, second)

  await checkRoster({ rosters }, alice, at(2), to('carol'))
  await assert.rejects(
    checkRoster({ rosters }, alice, at(1), to('bob')),
    (error) => error instanceof StaleRosterError && error.currentVersion === 2,
  )
  await assert.rejects(checkRoster({ rosters }, alice, at(2), to('bob')), InvalidInputError)
})

test('a version that does not exist yet is stale as well', async () => {
  const { rosters } = setUp()

  await assert.rejects(
    checkRoster({ rosters }, alice, at(7), to('bob')),
    (error) => error instanceof StaleRosterError && error.currentVersion === 1,
  )
})

test('to a stranger there is no group, whatever version it names', async () => {
  const { rosters } = setUp()

  for (const group of [at(1), at(2), at(1, crypto.randomUUID())])
    await assert.rejects(checkRoster({ rosters }, mallory, group, to('bob')), NotFoundError)
})

test('who is refused where the message was to be stored learns the newest version, if it is still a member', async () => {
  const { rosters, heads } = setUp()
  const bob = { ...alice, username: 'bob' }
  await checkRoster({ rosters }, bob, at(1), to('alice'))
  heads.set(groupId, second)

  const forAlice = await staleRoster({ rosters }, alice, at(1))
  assert.ok(forAlice instanceof StaleRosterError)
  assert.equal(forAlice.currentVersion, 2)
  assert.ok((await staleRoster({ rosters }, bob, at(1))) instanceof NotFoundError)
  await assert.rejects(checkRoster({ rosters }, bob, at(1), to('alice')), NotFoundError)
  heads.delete(groupId)
  assert.ok((await staleRoster({ rosters }, alice, at(2))) instanceof NotFoundError)
})

test('the group that was used least recently is forgotten first', async () => {
  const { rosters, heads, reads } = setUp(2)
  const [other, third] = [crypto.randomUUID(), crypto.randomUUID()]
  for (const id of [other, third]) heads.set(id, { ...first, group: id })
  await rosters.find(groupId, 1)
  await rosters.find(other, 1)
  await rosters.find(groupId, 1)
  await rosters.find(third, 1)
  reads.length = 0

  await rosters.find(groupId, 1)
  await rosters.find(other, 1)

  assert.deepEqual(reads, [other])
})

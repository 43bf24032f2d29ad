import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import {
  type GroupPerson,
  type GroupServer,
  signed,
  startGroupServer,
} from '../../testing/group-server.ts'
import {
  type EntryFields,
  encodeEntry,
  firstEntry,
  hashOfEntry,
  nextEntry,
} from '../../testing/roster-entries.ts'
import { StaleRosterError } from '../errors.ts'
import { changeGroup } from './change-group.ts'
import { createGroup } from './create-group.ts'
import { findGroup } from './group-view.ts'
import { listEntries } from './list-entries.ts'
import { listGroups } from './list-groups.ts'
import { listMembers } from './list-members.ts'

let testDatabase: TestDatabase
let server: GroupServer
let alice: GroupPerson
let bob: GroupPerson
let carol: GroupPerson
let mallory: GroupPerson

before(async () => {
  testDatabase = await createTestDatabase()
  server = startGroupServer(testDatabase.url)
  const people = ['alice', 'bob', 'carol', 'mallory'].map(server.person)
  ;[alice, bob, carol, mallory] = (await Promise.all(people)) as [
    GroupPerson,
    GroupPerson,
    GroupPerson,
    GroupPerson,
  ]
})
after(async () => {
  await server.close()
  await testDatabase.drop()
})

const asMember = ({ username, identityKey }: GroupPerson) => ({ user: username, identityKey })
const namesOf = (members: readonly { readonly account: { readonly username: string } }[]) =>
  members.map(({ account }) => account.username)

async function clubOf(...people: readonly GroupPerson[]): Promise<EntryFields> {
  const entry = firstEntry(alice, [alice, ...people].map(asMember))
  await server.create(alice, entry)
  return entry
}

const kick = (before: EntryFields, kicked: GroupPerson, by = alice) =>
  nextEntry(before, by, {
    action: 'kick',
    subjects: [kicked.username],
    members: before.members.filter(({ user }) => user !== kicked.username),
  })
const rename = (before: EntryFields, name: string, by = alice) =>
  nextEntry(before, by, { action: 'rename', name })

test('a group is what its first entry says, for every member', async () => {
  const entry = await clubOf(bob)

  const seen = await findGroup(server.deps, bob.viewer, entry.group)

  assert.ok(seen)
  const { createdAt, headHash, ...rest } = seen
  assert.deepEqual(rest, {
    groupId: entry.group,
    name: 'Book club',
    version: 1,
    isDeleted: false,
    viewerIsMember: true,
    viewerIsAdmin: false,
  })
  assert.deepEqual(new Uint8Array(headHash), hashOfEntry(encodeEntry(entry)))
  const page = await listMembers(server.deps, seen, { after: null, limit: 10 })
  assert.deepEqual(namesOf(page.members), [alice.username, bob.username])
  assert.deepEqual(
    page.members.map(({ isAdmin }) => isAdmin),
    [true, false],
  )
  const [first] = await listEntries(server.deps, seen, { after: 0, limit: 10 })
  assert.deepEqual(new Uint8Array(first?.entry ?? []), encodeEntry(entry))
  assert.deepEqual(new Uint8Array(first?.signature ?? []), signed(alice, entry).signature)
})

test('to a stranger a group is not there, and neither is what it could change', async () => {
  const entry = await clubOf(bob)

  assert.equal(await findGroup(server.deps, mallory.viewer, entry.group), null)
  for (const [by, change] of [
    [mallory, rename(entry, 'Mine', mallory)],
    [mallory, { ...rename(entry, 'Mine', mallory), group: crypto.randomUUID() }],
  ] as const)
    await assert.rejects(server.change(by, change), { code: 'NOT_FOUND' })
})

test('a change is built on the newest entry, or is told which that is', async () => {
  const entry = await clubOf(bob)
  const renamed = rename(entry, 'Film club')
  await server.change(alice, renamed)

  await assert.rejects(
    server.change(alice, rename(entry, 'Chess club')),
    (error) => error instanceof StaleRosterError && error.currentVersion === 2,
  )
  await assert.rejects(server.change(alice, { ...rename(renamed, 'Go club'), version: 4 }), {
    code: 'STALE_ROSTER',
  })
  await assert.rejects(
    server.change(alice, { ...rename(renamed, 'Go club'), prev: hashOfEntry(encodeEntry(entry)) }),
    { code: 'STALE_ROSTER' },
  )
})

test('an entry that was stored before is answered like the first time, and stored once', async () => {
  const entry = await clubOf(bob, carol)
  const left = nextEntry(entry, bob, {
    action: 'leave',
    subjects: [bob.username],
    members: entry.members.filter(({ user }) => user !== bob.username),
  })

  const first = await server.change(bob, left)
  await server.change(alice, rename(left, 'Without bob'))
  const again = await server.change(bob, left)
  const created = await server.create(alice, entry)

  assert.deepEqual(again, first)
  assert.equal(again.viewerIsMember, false)
  assert.equal(again.version, 2)
  assert.equal(created.version, 3)
})

test('a former member sees the group as it was when it was removed, and nothing later', async () => {
  const entry = await clubOf(bob, carol)
  const kicked = kick(entry, bob)
  await server.change(alice, kicked)
  await server.change(alice, rename(kicked, 'Secret'))

  const seen = await findGroup(server.deps, bob.viewer, entry.group)

  assert.ok(seen)
  assert.equal(seen.name, 'Book club')
  assert.equal(seen.version, 2)
  assert.equal(seen.viewerIsMember, false)
  assert.deepEqual(new Uint8Array(seen.headHash), hashOfEntry(encodeEntry(kicked)))
  const entries = await listEntries(server.deps, seen, { after: 0, limit: 50 })
  assert.deepEqual(
    entries.map(({ version }) => version),
    [1, 2],
  )
  const { members } = await listMembers(server.deps, seen, { after: null, limit: 10 })
  assert.deepEqual(namesOf(members), [alice.username, carol.username])
  const { groups } = await listGroups(server.deps, bob.viewer, { after: null, limit: 100 })
  assert.equal(groups.find(({ groupId }) => groupId === entry.group)?.name, 'Book club')
})

test('an entry is taken from its author only, on the device that signed it', async () => {
  const entry = firstEntry(alice, [alice, bob].map(asMember))
  const refused = { code: 'BAD_USER_INPUT' }

  await assert.rejects(createGroup(server.deps, mallory.viewer, signed(alice, entry)), refused)
  await assert.rejects(createGroup(server.deps, alice.viewer, signed(mallory, entry)), refused)
  await assert.rejects(
    createGroup(server.deps, alice.viewer, {
      ...signed(alice, entry),
      groupId: crypto.randomUUID(),
    }),
    refused,
  )
  await server.create(alice, entry)
  await assert.rejects(
    changeGroup(server.deps, bob.viewer, signed(alice, rename(entry, 'Mine'))),
    refused,
  )
})

import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import {
  type GroupPerson,
  type GroupServer,
  signed,
  startGroupServer,
} from '../../testing/group-server.ts'
import { type EntryFields, firstEntry, nextEntry } from '../../testing/roster-entries.ts'
import { InvalidInputError, PayloadTooLargeError, RateLimitedError } from '../errors.ts'
import { limits } from '../limits.ts'
import { changeGroup } from './change-group.ts'
import { createGroup } from './create-group.ts'
import { findGroup } from './group-view.ts'
import { listEntries } from './list-entries.ts'
import { listGroups } from './list-groups.ts'

let testDatabase: TestDatabase
let server: GroupServer
let other: GroupServer

before(async () => {
  testDatabase = await createTestDatabase()
  server = startGroupServer(testDatabase.url)
  other = startGroupServer(testDatabase.url)
})
after(async () => {
  await Promise.all([server.close(), other.close()])
  await testDatabase.drop()
})

const asMember = ({ username, identityKey }: GroupPerson) => ({ user: username, identityKey })
const people = async (...names: readonly string[]) =>
  (await Promise.all(names.map(server.person))) as [GroupPerson, GroupPerson, GroupPerson]

async function clubOf(...members: readonly GroupPerson[]): Promise<EntryFields> {
  const [founder] = members as [GroupPerson]
  const entry = firstEntry(founder, members.map(asMember))
  await server.create(founder, entry)
  return entry
}

const kick = (head: EntryFields, by: GroupPerson, kicked: GroupPerson) =>
  nextEntry(head, by, {
    action: 'kick',
    subjects: [kicked.username],
    members: head.members.filter(({ user }) => user !== kicked.username),
  })
const rename = (head: EntryFields, by: GroupPerson, name: string) =>
  nextEntry(head, by, { action: 'rename', name })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )

test('members, and who was removed, are told where they are attached, and nobody else', async () => {
  const [alice, bob, carol] = await people('alice', 'bob', 'carol')
  const [mallory] = await people('mallory')
  const place = (person: GroupPerson, serverId: number | null) =>
    server.database.pool.query('UPDATE mailboxes SET attached_server = $2 WHERE device_id = $1', [
      person.deviceId,
      serverId,
    ])
  await Promise.all([place(alice, 1), place(bob, 2), place(carol, 2), place(mallory, 2)])
  const toldSince = async (work: () => Promise<unknown>) => {
    server.told.length = 0
    await work()
    return server.told
      .map(({ serverId, note }) => ({
        serverId,
        note: note.kind === 'group' ? { ...note, clientIds: note.clientIds.toSorted() } : note,
      }))
      .sort((one, two) => one.serverId - two.serverId)
  }
  const note = (group: string, version: number, ...of: readonly GroupPerson[]) => {
    const clientIds = of.map(({ clientId }) => clientId).sort()
    return { kind: 'group', groupId: group, version, clientIds }
  }

  const club = firstEntry(alice, [alice, bob, carol].map(asMember))
  assert.deepEqual(await toldSince(() => server.create(alice, club)), [
    { serverId: 1, note: note(club.group, 1, alice) },
    { serverId: 2, note: note(club.group, 1, bob, carol) },
  ])
  const kicked = kick(club, alice, bob)
  assert.deepEqual(await toldSince(() => server.change(alice, kicked)), [
    { serverId: 1, note: note(club.group, 2, alice) },
    { serverId: 2, note: note(club.group, 2, bob, carol) },
  ])
  await place(carol, null)
  assert.deepEqual(await toldSince(() => server.change(alice, rename(kicked, alice, 'Films'))), [
    { serverId: 1, note: note(club.group, 3, alice) },
  ])
})

test('of two changes that are built on the same entry one is stored, at whatever server it comes', async () => {
  const [alice, bob] = await people('alice', 'bob')
  let head = await clubOf(alice, bob)
  for (let round = 0; round < 20; round += 1) {
    const [one, two] = [rename(head, alice, `One ${round}`), rename(head, alice, `Two ${round}`)]

    const codes = await Promise.all([
      codeOf(server.change(alice, one)),
      codeOf(other.change(alice, two)),
    ])

    assert.deepEqual(codes.toSorted(), ['STALE_ROSTER', 'done'])
    head = codes[0] === 'done' ? one : two
    assert.equal((await findGroup(server.deps, bob.viewer, head.group))?.name, head.name)
  }
})

test('the same entry sent to two servers at once is stored once, and both answer alike', async () => {
  const [alice, bob] = await people('alice', 'bob')
  const first = firstEntry(alice, [alice, bob].map(asMember))
  const created = await Promise.all([server.create(alice, first), other.create(alice, first)])
  assert.deepEqual(created[0], created[1])

  const renamed = rename(first, alice, 'Films')
  const answers = await Promise.all([server.change(alice, renamed), other.change(alice, renamed)])

  assert.deepEqual(answers[0], answers[1])
  const seen = answers[0]
  const entries = await listEntries(server.deps, seen, { after: 0, limit: 50 })
  assert.equal(entries.length, 2)
})

test('who left, and what was deleted, is forgotten after thirty days and not before', async () => {
  const [alice, bob, carol] = await people('alice', 'bob', 'carol')
  const club = await clubOf(alice, bob, carol)
  const kicked = kick(club, alice, bob)
  await server.change(alice, kicked)
  const gone = await clubOf(alice, bob)
  await server.change(alice, nextEntry(gone, alice, { action: 'delete', members: [] }))
  const forget = () => server.deps.store.groups.deleteLeft(limits.groupForgetMs)
  const age = (interval: string) =>
    server.database.pool.query(
      `WITH g AS (UPDATE groups SET deleted_at = deleted_at - $1::interval)
       UPDATE group_members SET left_at = left_at - $1::interval`,
      [interval],
    )
  const seenBy = async (person: GroupPerson) => {
    const { groups } = await listGroups(server.deps, person.viewer, { after: null, limit: 100 })
    return groups.map(({ groupId }) => groupId).toSorted()
  }

  await age('29 days')
  await forget()
  assert.deepEqual(await seenBy(bob), [club.group, gone.group].toSorted())

  await age('1 day')
  // Not listed any more, even before anybody has cleaned up.
  assert.deepEqual(await seenBy(bob), [])
  await forget()
  assert.equal(await findGroup(server.deps, bob.viewer, club.group), null)
  assert.equal(await findGroup(server.deps, alice.viewer, gone.group), null)
  assert.deepEqual(await seenBy(alice), [club.group])
  // A leave whose answer was lost for a month is no fault.
  await assert.rejects(server.change(bob, rename(club, bob, 'Mine')), { code: 'NOT_FOUND' })
})

test('who comes back sees the group again', async () => {
  const [alice, bob] = await people('alice', 'bob')
  const club = await clubOf(alice, bob)
  const kicked = kick(club, alice, bob)
  await server.change(alice, kicked)
  const back = nextEntry(kicked, alice, {
    action: 'add',
    subjects: [bob.username],
    members: club.members,
  })

  await server.change(alice, back)

  const seen = await findGroup(server.deps, bob.viewer, club.group)
  assert.equal(seen?.viewerIsMember, true)
  assert.equal(seen?.version, 3)
})

test('groups are listed page by page, each once', async () => {
  const [alice, bob] = await people('alice', 'bob')
  const made = []
  for (let index = 0; index < 7; index += 1) made.push((await clubOf(alice, bob)).group)
  const seen: string[] = []
  for (let after: string | null = null, more = true; more; after = seen.at(-1) ?? null) {
    const page = await listGroups(server.deps, bob.viewer, { after, limit: 3 })
    assert.ok(page.groups.length <= 3)
    seen.push(...page.groups.map(({ groupId }) => groupId))
    more = page.hasNextPage
  }
  assert.deepEqual(seen, made.toSorted())
})

test('an account is in a thousand groups at most, and in no more by being added', async () => {
  const [alice, bob] = await people('alice', 'bob')
  await server.database.pool.query(
    `WITH made AS (INSERT INTO groups (id, name, version, head_hash)
       SELECT gen_random_uuid(), 'one of many', 1, $2 FROM generate_series(1, $3) RETURNING id)
     INSERT INTO group_members (group_id, client_id, is_admin) SELECT id, $1, false FROM made`,
    [bob.clientId, randomBytes(32), limits.groupsPerAccount - 1],
  )
  await clubOf(alice, bob)

  const another = server.create(alice, firstEntry(alice, [alice, bob].map(asMember)))

  await assert.rejects(another, (error) => {
    return error instanceof PayloadTooLargeError && error.limit === limits.groupsPerAccount
  })
})

test('an entry that is too large, or no entry, is declined before anything else', async () => {
  const [alice, bob] = await people('alice', 'bob')
  const input = (bytes: Uint8Array<ArrayBuffer>) => ({
    ...signed(alice, firstEntry(alice, [alice, bob].map(asMember))),
    groupId: randomUUID(),
    entry: bytes,
  })
  const large = new Uint8Array(limits.rosterEntryBytes + 1)

  await assert.rejects(
    createGroup(server.deps, alice.viewer, input(large)),
    (error) => error instanceof PayloadTooLargeError && error.limit === limits.rosterEntryBytes,
  )
  const junk = input(new Uint8Array(randomBytes(300)))
  await assert.rejects(createGroup(server.deps, alice.viewer, junk), InvalidInputError)
})

test('how often an account changes groups is counted on all servers together', async () => {
  const [alice, bob] = await people('alice', 'bob')
  const club = await clubOf(alice, bob)
  const limited = (deps: GroupServer['deps']) => {
    return { ...deps, rates: { ...deps.rates, changeGroup: { burst: 6, perSecond: 0.001 } } }
  }
  const codes: (string | undefined)[] = []
  for (let index = 0; index < 8; index += 1) {
    const deps = limited(index % 2 === 0 ? server.deps : other.deps)
    codes.push(await codeOf(changeGroup(deps, bob.viewer, signed(bob, rename(club, bob, 'Mine')))))
  }

  assert.deepEqual(codes, [...Array(6).fill('FORBIDDEN'), 'RATE_LIMITED', 'RATE_LIMITED'])
  await assert.rejects(
    createGroup(limited(server.deps), bob.viewer, signed(bob, firstEntry(bob, [asMember(bob)]))),
    RateLimitedError,
  )
})

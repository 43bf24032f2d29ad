import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applyEntry, type RosterState } from '../../client-core/src/crypto/roster.ts'
import type { RosterChange } from '../../client-core/src/crypto/roster-changes.ts'
import { type RosterEntry, readRosterEntry } from '../../client-core/src/crypto/roster-entry.ts'
import { type Account, createAccount } from '../support/account.ts'
import { codesOf } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import {
  changedGroup,
  changeGroupDocument,
  createGroupDocument,
  groupDocument,
  newGroup,
  type PreparedEntry,
} from '../support/group.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import { openSql, type Sql } from '../support/sql.ts'

let cluster: Cluster
let sql: Sql
const people: { readonly account: Account; readonly client: RawClient }[] = []

before(async () => {
  cluster = await startCluster()
  sql = await openSql(cluster.databaseUrl)
  for (const [index, name] of ['alice', 'bob', 'carol', 'dave', 'erin'].entries()) {
    const account = await createAccount(sql, name)
    const client = await openRawClient(cluster.serverUrl(1 + index), account.token)
    people.push({ account, client })
  }
})
after(async () => {
  for (const { client } of people) client.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

type Person = (typeof people)[number]

const change = async ({ client }: Person, { input }: PreparedEntry) =>
  codesOf(await client.ask(changeGroupDocument, { input }))[0] ?? 'done'

/** A group of these, of whom all are admins. */
async function groupOfAdmins(...admins: readonly Person[]): Promise<PreparedEntry> {
  const [founder, ...others] = admins as [Person, ...Person[]]
  let head = await newGroup(
    founder.account,
    others.map(({ account }) => account),
  )
  assert.deepEqual(
    codesOf(await founder.client.ask(createGroupDocument, { input: head.input })),
    [],
  )
  for (const { account } of others) {
    head = await changedGroup(head, founder.account, { action: 'promote', user: account.username })
    assert.equal(await change(founder, head), 'done')
  }
  return head
}

/** The whole chain as somebody sees it, judged as a client judges it. */
async function chainOf({ client }: Person, groupId: string) {
  const { data } = await client.ask(groupDocument, { groupId })
  let state: RosterState | null = null
  const entries: RosterEntry[] = []
  for (const { entry } of data?.group.entries ?? []) {
    const read = await readRosterEntry(new Uint8Array(Buffer.from(entry, 'base64url')))
    assert.ok(read)
    const application = applyEntry(state, read)
    assert.equal(application.kind, 'applied')
    if (application.kind === 'applied') state = application.state
    entries.push(read)
  }
  assert.ok(state)
  assert.equal(data?.group.headHash, Buffer.from(state.hash).toString('base64url'))
  return { state: state as RosterState, entries }
}

test('Z05: of two admins who take the power from each other at the same moment one does it, and one is told', async () => {
  const [alice, bob] = people as [Person, Person]
  for (let round = 0; round < 20; round += 1) {
    const head = await groupOfAdmins(alice, bob)
    const swap = (by: Person, of: Person) =>
      changedGroup(head, by.account, { action: 'demote', user: of.account.username })
    const entries = await Promise.all([swap(alice, bob), swap(bob, alice)])

    const codes = await Promise.all([change(alice, entries[0]), change(bob, entries[1])])

    assert.deepEqual(codes.toSorted(), ['STALE_ROSTER', 'done'])
    const seen = await Promise.all([alice, bob].map((one) => chainOf(one, head.entry.group)))
    assert.deepEqual(seen[0], seen[1])
    const admins = seen[0]?.state.members.filter(({ admin }) => admin) ?? []
    const winner = codes[0] === 'done' ? alice : bob
    assert.deepEqual(
      admins.map(({ user }) => user),
      [winner.account.username],
    )
  }
})

test('Z05: of two last admins who leave at the same moment one stays, and cannot leave', async () => {
  const [alice, bob] = people as [Person, Person]
  const head = await groupOfAdmins(alice, bob)
  const leave = (one: Person, before: PreparedEntry) =>
    changedGroup(before, one.account, { action: 'leave' })
  const entries = await Promise.all([leave(alice, head), leave(bob, head)])

  const codes = await Promise.all([change(alice, entries[0]), change(bob, entries[1])])

  assert.deepEqual(codes.toSorted(), ['STALE_ROSTER', 'done'])
  const [winner, stays] = codes[0] === 'done' ? [0, bob] : [1, alice]
  const left = entries[winner] as PreparedEntry
  assert.equal(await change(stays, await leave(stays, left)), 'FORBIDDEN')
  const deleted = await changedGroup(left, stays.account, { action: 'delete' })
  assert.equal(await change(stays, deleted), 'done')
})

test('five admins on five servers change a group at once, and all see one chain with every change in it', async () => {
  const head = await groupOfAdmins(...people)
  const groupId = head.entry.group
  const names = ({ account }: Person) =>
    Array.from({ length: 4 }, (_, n) => `${account.username} ${n}`)
  const build = async (by: Person, wanted: RosterChange) => {
    const { entries } = await chainOf(by, groupId)
    const entry = entries.at(-1) as RosterEntry
    return changedGroup({ ...head, entry }, by.account, wanted)
  }

  await Promise.all(
    people.map(async (one) => {
      for (const name of names(one)) {
        // As a client does: somebody was quicker, so fetch the entries and build on them.
        while ((await change(one, await build(one, { action: 'rename', name }))) !== 'done');
      }
    }),
  )

  const seen = await Promise.all(people.map((one) => chainOf(one, groupId)))
  for (const other of seen) assert.deepEqual(other, seen[0])
  const renames = seen[0]?.entries.filter(({ action }) => action === 'rename') ?? []
  assert.deepEqual(renames.map(({ name }) => name).toSorted(), people.flatMap(names).toSorted())
})

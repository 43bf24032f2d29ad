import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { RosterChange } from '../../client-core/src/crypto/roster-changes.ts'
import { type Account, createAccount } from '../support/account.ts'
import { codesOf, type RawAnswer } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { fingerprint } from '../support/fingerprint.ts'
import {
  asMember,
  changedGroup,
  changeGroupDocument,
  createGroupDocument,
  groupDocument,
  groupMessage,
  newGroup,
  type PreparedEntry,
} from '../support/group.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import { sendDocument } from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'

let cluster: Cluster
let sql: Sql
let alice: Account
let bob: Account
let carol: Account
let mallory: Account
const clients = new Map<Account, RawClient>()

before(async () => {
  cluster = await startCluster({ servers: 1 })
  sql = await openSql(cluster.databaseUrl)
  const created = ['alice', 'bob', 'carol', 'mallory'].map((name) => createAccount(sql, name))
  ;[alice, bob, carol, mallory] = (await Promise.all(created)) as [
    Account,
    Account,
    Account,
    Account,
  ]
  for (const account of [alice, bob, carol, mallory])
    clients.set(account, await openRawClient(cluster.serverUrl(1), account.token))
})
after(async () => {
  for (const client of clients.values()) client.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

const ask = (as: Account, document: string, variables: object): Promise<RawAnswer> =>
  (clients.get(as) as RawClient).ask(document, variables)

async function clubOf(...others: readonly Account[]): Promise<PreparedEntry> {
  const club = await newGroup(alice, others)
  assert.deepEqual(codesOf(await ask(alice, createGroupDocument, { input: club.input })), [])
  return club
}

async function done(as: Account, { input }: PreparedEntry): Promise<void> {
  assert.deepEqual(codesOf(await ask(as, changeGroupDocument, { input })), [])
}

/** Declined with this code, and nothing is stored. Returns the answer. */
async function isDeclined(as: Account, code: string, document: string, input: object) {
  const stored = await fingerprint(sql)
  const answer = await ask(as, document, { input })
  assert.deepEqual(codesOf(answer), [code])
  assert.equal(await fingerprint(sql), stored)
  return answer
}

/** All that an admin may do, as somebody else tries it on Bob. */
const adminsOnly = (): readonly RosterChange[] => [
  { action: 'add', members: [asMember(mallory)] },
  { action: 'kick', users: [bob.username] },
  { action: 'promote', user: bob.username },
  { action: 'demote', user: alice.username },
  { action: 'hand-over', user: bob.username },
  { action: 'rename', name: 'Mine' },
  { action: 'delete' },
]

test('Z02: to a stranger a group is not there, in everything that can be asked of it', async () => {
  const club = await clubOf(bob)
  const { data } = await ask(alice, groupDocument, { groupId: club.entry.group })
  const nodeId = data?.group.id
  const changes: readonly RosterChange[] = [...adminsOnly(), { action: 'leave' }]

  const seen = await ask(mallory, groupDocument, { groupId: club.entry.group })
  const node = await ask(mallory, 'query ($id: ID!) { node(id: $id) { id } }', { id: nodeId })
  const list = await ask(mallory, '{ groups { edges { node { name } } } }', {})

  assert.deepEqual(seen.data, { group: null })
  assert.deepEqual(node.data, { node: null })
  assert.deepEqual(list.data, { groups: { edges: [] } })
  for (const change of changes) {
    const { input } = await changedGroup(club, mallory, change)
    await isDeclined(mallory, 'NOT_FOUND', changeGroupDocument, input)
  }
  for (const version of [1, 2])
    await isDeclined(mallory, 'NOT_FOUND', sendDocument, groupMessage(club, [alice, bob], version))
})

test('a group that exists and one that does not are told apart by no answer', async () => {
  const club = await clubOf(bob)
  const nowhere = await newGroup(alice, [bob])
  const rename: RosterChange = { action: 'rename', name: 'Mine' }

  const answers = []
  for (const group of [club, nowhere])
    answers.push([
      await ask(mallory, groupDocument, { groupId: group.entry.group }),
      await ask(mallory, changeGroupDocument, {
        input: (await changedGroup(group, mallory, rename)).input,
      }),
      await ask(mallory, sendDocument, { input: groupMessage(group, [alice]) }),
    ])

  assert.deepEqual(answers[0], answers[1])
})

test('Z03: what only an admin may do is forbidden to a member', async () => {
  const club = await clubOf(bob, carol)
  for (const change of adminsOnly()) {
    const { input } = await changedGroup(club, carol, change)
    await isDeclined(carol, 'FORBIDDEN', changeGroupDocument, input)
  }
  // Of the admins, the last one does not go.
  for (const change of [{ action: 'leave' }, { action: 'demote', user: alice.username }] as const)
    await isDeclined(
      alice,
      'FORBIDDEN',
      changeGroupDocument,
      (await changedGroup(club, alice, change)).input,
    )
})

test('a member cannot write an entry that does more than its action says, or says it for another', async () => {
  const club = await clubOf(bob, carol)
  const rename = await changedGroup(club, alice, { action: 'rename', name: 'Films' })
  const forged = await changedGroup(club, carol, { action: 'leave' })
  for (const input of [
    { ...forged.input, entry: rename.input.entry },
    { ...forged.input, entry: rename.input.entry, signature: rename.input.signature },
    { ...rename.input, signature: forged.input.signature },
    { ...forged.input, groupId: randomUUID() },
  ])
    await isDeclined(carol, 'BAD_USER_INPUT', changeGroupDocument, input)
  await isDeclined(carol, 'BAD_USER_INPUT', createGroupDocument, forged.input)
  await isDeclined(alice, 'BAD_USER_INPUT', changeGroupDocument, club.input)
  // An id stands for one group, whoever begins another one under it.
  const taken = await newGroup(carol, [], club.entry.group)
  await isDeclined(carol, 'CONFLICT', createGroupDocument, taken.input)
})

test('a former member is a stranger, but for what it has seen', async () => {
  const club = await clubOf(bob, carol)
  const kicked = await changedGroup(club, alice, { action: 'kick', users: [bob.username] })
  await done(alice, kicked)
  await done(alice, await changedGroup(kicked, alice, { action: 'rename', name: 'Secret' }))

  const { data } = await ask(bob, groupDocument, { groupId: club.entry.group })

  const { name, version, viewerIsMember, isDeleted } = data?.group ?? {}
  assert.deepEqual(
    { name, version, viewerIsMember, isDeleted },
    {
      ...{ name: 'Book club', version: 2, viewerIsMember: false, isDeleted: false },
    },
  )
  assert.equal(data?.group.entries.length, 2)
  const back = await changedGroup(kicked, bob, { action: 'add', members: [asMember(bob)] })
  await isDeclined(bob, 'NOT_FOUND', changeGroupDocument, back.input)
  for (const version of [1, 2, 3])
    await isDeclined(bob, 'NOT_FOUND', sendDocument, groupMessage(club, [alice, carol], version))
})

test('a message to a group is sealed for its members, of the roster as it is', async () => {
  const club = await clubOf(bob)
  await isDeclined(alice, 'BAD_USER_INPUT', sendDocument, groupMessage(club, [bob, mallory]))
  await isDeclined(alice, 'BAD_USER_INPUT', sendDocument, groupMessage(club, [mallory]))
  await isDeclined(alice, 'STALE_ROSTER', sendDocument, groupMessage(club, [bob], 2))
  const left = await changedGroup(club, bob, { action: 'leave' })
  await done(bob, left)
  await isDeclined(alice, 'STALE_ROSTER', sendDocument, groupMessage(club, [bob]))
  await isDeclined(alice, 'BAD_USER_INPUT', sendDocument, groupMessage(left, [bob]))
})

test('who has no account, or another key, cannot be added, and the answer does not tell which', async () => {
  const club = await clubOf(bob)
  const { user, identityKey } = asMember(carol)
  const nobody = { user: 'nobody' as typeof user, identityKey }
  const impostor = { user, identityKey: asMember(mallory).identityKey }
  const answers = []
  for (const member of [nobody, impostor]) {
    const { input } = await changedGroup(club, alice, { action: 'add', members: [member] })
    answers.push(await isDeclined(alice, 'NOT_FOUND', changeGroupDocument, input))
  }
  assert.deepEqual(answers[0], answers[1])
})

test('a deleted group stays deleted, and tells its members so', async () => {
  const club = await clubOf(bob)
  const deleted = await changedGroup(club, alice, { action: 'delete' })
  await done(alice, deleted)

  const { data } = await ask(bob, groupDocument, { groupId: club.entry.group })

  assert.equal(data?.group.isDeleted, true)
  assert.deepEqual(data?.group.members.edges, [])
  const back = await changedGroup(deleted, alice, { action: 'add', members: [asMember(bob)] })
  await isDeclined(alice, 'NOT_FOUND', changeGroupDocument, back.input)
  await isDeclined(alice, 'NOT_FOUND', sendDocument, groupMessage(club, [bob]))
  await isDeclined(alice, 'NOT_FOUND', sendDocument, groupMessage(deleted, [bob]))
})

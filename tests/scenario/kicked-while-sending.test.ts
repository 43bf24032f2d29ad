import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, createAccount } from '../support/account.ts'
import { codesOf } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import {
  changedGroup,
  changeGroupDocument,
  createGroupDocument,
  groupMessage,
  newGroup,
  type PreparedEntry,
} from '../support/group.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import { openRawInbox, type RawInbox } from '../support/raw-inbox.ts'
import { sealedMessage, sendDocument } from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'

const sends = 1_000
const kickAfter = 300

let cluster: Cluster
let sql: Sql
let alice: Account
let bob: Account
let carol: Account
let dave: Account

before(async () => {
  cluster = await startCluster()
  sql = await openSql(cluster.databaseUrl)
  const people = ['alice', 'bob', 'carol', 'dave'].map((name) => createAccount(sql, name))
  ;[alice, bob, carol, dave] = (await Promise.all(people)) as [Account, Account, Account, Account]
})
after(async () => {
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

interface Sent {
  readonly id: string
  readonly code: string
  readonly startedAfterKick: boolean
}

/**
 * Alice kicks Bob while two servers take messages that are sealed for him, twelve at a time each. The senders go on sealing
 * for the old roster, as one does who has not heard yet, or does not want to.
 */
async function race(club: PreparedEntry, senders: readonly RawClient[], kick: () => Promise<void>) {
  const sent: Sent[] = []
  let started = 0
  const enough = Promise.withResolvers<void>()
  let isKicked = false
  const kicking = enough.promise.then(kick).then(() => {
    isKicked = true
  })
  const work = async (sender: RawClient, to: readonly Account[]) => {
    while (started < sends) {
      started += 1
      const startedAfterKick = isKicked
      const message = groupMessage(club, to)
      const answer = await sender.ask(sendDocument, { input: message })
      sent.push({
        id: message.clientMessageId,
        code: codesOf(answer)[0] ?? 'sent',
        startedAfterKick,
      })
      if (sent.length === kickAfter) enough.resolve()
    }
  }
  const [carols, daves] = senders as [RawClient, RawClient]
  await Promise.all(
    Array.from({ length: 12 }, () => [
      work(carols, [alice, bob, dave]),
      work(daves, [alice, bob, carol]),
    ]).flat(),
  )
  await kicking
  return sent
}

test('Z04: nothing that is sent after a kick was answered reaches the kicked, whatever races it', async () => {
  const [atOne, atThree, atFour] = await Promise.all([
    openRawClient(cluster.serverUrl(1), alice.token),
    openRawClient(cluster.serverUrl(3), carol.token),
    openRawClient(cluster.serverUrl(4), dave.token),
  ])
  const bobs = await openRawInbox(cluster.serverUrl(2), bob)
  const club = await newGroup(alice, [bob, carol, dave])
  assert.deepEqual(codesOf(await atOne.ask(createGroupDocument, { input: club.input })), [])
  const kicked = await changedGroup(club, alice, { action: 'kick', users: [bob.username] })

  const sent = await race(club, [atThree, atFour], async () => {
    assert.deepEqual(codesOf(await atOne.ask(changeGroupDocument, { input: kicked.input })), [])
  })
  const accepted = sent.filter(({ code }) => code === 'sent').map(({ id }) => id)
  const late = sent.filter(({ startedAfterKick }) => startedAfterKick)

  assert.ok(accepted.length >= kickAfter && late.length > 0, `${accepted.length}, ${late.length}`)
  assert.deepEqual(new Set(sent.map(({ code }) => code)), new Set(['sent', 'STALE_ROSTER']))
  assert.deepEqual(new Set(late.map(({ code }) => code)), new Set(['STALE_ROSTER']))
  await hearsOnly(bobs, accepted, kicked)
  await isOutside(bobs, kicked)
  for (const client of [atOne, atThree, atFour, bobs.client]) client.close()
})

/** What was accepted before the kick still arrives, and all of it was accepted before. */
async function hearsOnly(bobs: RawInbox, accepted: readonly string[], kicked: PreparedEntry) {
  await untilTrue('Bob hears what was accepted', () => bobs.messages.length >= accepted.length)
  const ids = bobs.messages.map(({ clientMessageId }) => clientMessageId)
  assert.deepEqual(ids.toSorted(), accepted.toSorted())
  const [row] = await sql.rows<{ at: Date }>(
    'SELECT created_at AS at FROM roster_entries WHERE group_id = $1 AND version = 2',
    [kicked.entry.group],
  )
  const last = bobs.messages.reduce(
    (max, { acceptedAt }) => (acceptedAt > max ? acceptedAt : max),
    '',
  )
  assert.ok(row !== undefined && last <= row.at.toISOString(), `${last}, ${row?.at.toISOString()}`)
}

/** The kicked hears of its own removal, and of nothing after it; the others go on without it. */
async function isOutside(bobs: RawInbox, kicked: PreparedEntry): Promise<void> {
  const [alices, carols] = await Promise.all([
    openRawClient(cluster.serverUrl(5), alice.token),
    openRawInbox(cluster.serverUrl(3), carol),
  ])
  const groupId = kicked.entry.group
  await untilTrue('Bob is told', () => bobs.groupChanges.some((one) => one.version === 2))
  const toBob = groupMessage(kicked, [bob])
  assert.deepEqual(codesOf(await alices.ask(sendDocument, { input: toBob })), ['BAD_USER_INPUT'])
  for (const version of [1, 2, 3]) {
    const fromBob = groupMessage(kicked, [alice], version)
    assert.deepEqual(codesOf(await bobs.client.ask(sendDocument, { input: fromBob })), [
      'NOT_FOUND',
    ])
  }

  const renamed = await changedGroup(kicked, alice, { action: 'rename', name: 'Without Bob' })
  assert.deepEqual(codesOf(await alices.ask(changeGroupDocument, { input: renamed.input })), [])
  const after = groupMessage(renamed, [carol, dave])
  assert.deepEqual(codesOf(await alices.ask(sendDocument, { input: after })), [])
  const heard = (id: string) =>
    carols.messages.some(({ clientMessageId }) => clientMessageId === id)
  await untilTrue('Carol hears Alice', () => heard(after.clientMessageId))
  // Bob's subscription lives: what is written to himself arrives, and nothing of the group came before it.
  const before = bobs.messages.length
  const direct = await sealedMessage(alice, bob, 'sorry')
  assert.deepEqual(codesOf(await alices.ask(sendDocument, { input: direct })), [])
  await untilTrue('Bob hears a direct message', () => bobs.messages.length > before)
  assert.equal(bobs.messages.at(-1)?.clientMessageId, direct.clientMessageId)
  assert.deepEqual(
    bobs.groupChanges.filter((one) => one.groupId === groupId).map(({ version }) => version),
    [1, 2],
  )
  for (const client of [alices, carols.client]) client.close()
}

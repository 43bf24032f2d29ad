import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { upgradeStatus } from '../security/support/open-socket.ts'
import { startChatter } from '../support/chatter.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { serverOf } from '../support/conversation.ts'
import { createOperator } from '../support/operator.ts'
import { signedUp } from '../support/people.ts'
import { askOverHttp, openRawClient } from '../support/raw-client.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'
import { type OperationsWatch, watchOperations } from '../support/watch-operations.ts'

/** Four people with a message each 20 ms: 200 a second, as far as the machine manages. */
const everyMs = 20

let cluster: Cluster
let sql: Sql
let token: string
let watch: OperationsWatch

before(async () => {
  cluster = await startCluster({ servers: 3 })
  sql = await openSql(cluster.databaseUrl)
  token = await createOperator(sql)
  watch = await watchOperations(cluster.serverUrl(1), token)
})
after(async () => {
  watch.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

/** Told to server 1, whichever server it is about. */
async function tell(name: 'drainServer' | 'resumeServer', serverId: number, reason?: string) {
  const input = name === 'drainServer' ? { serverId, reason } : { serverId }
  const type = name === 'drainServer' ? 'DrainServerInput' : 'ResumeServerInput'
  const payload = name === 'drainServer' ? 'DrainServerPayload' : 'ResumeServerPayload'
  const { data, errors } = await askOverHttp(
    cluster.serverUrl(1),
    `mutation ($input: ${type}!) { ${name}(input: $input) { __typename
      ... on ${payload} { server { id condition rank drain { by reason } } } ... on UserError { code message } } }`,
    { input },
    token,
  )
  assert.equal(errors, undefined)
  return data?.[name]
}

const conditionOf = (id: number) =>
  watch.latest().servers.find((server) => server.id === id)?.condition

async function statusOf(id: number, path: string): Promise<number> {
  return (await fetch(`${cluster.serverUrl(id)}${path}`)).status
}

test('a server drained under load is emptied, loses nothing, stays up, and takes clients again when resumed', async () => {
  const people = await Promise.all(
    ['alice', 'bob', 'carol', 'dave'].map((name) => signedUp(cluster.url, name)),
  )
  const [alice, bob, carol, dave] = people as [ChatClient, ChatClient, ChatClient, ChatClient]
  const pairs: [ChatClient, ChatClient][] = [
    [alice, bob],
    [bob, alice],
    [carol, dave],
    [dave, carol],
  ]
  const complaints: string[] = []
  for (const client of people)
    client.on('connection', (state) => {
      if (state.kind === 'stopped') complaints.push(`${client.username}: ${state.reason}`)
    })
  const talks = pairs.map(([from, to]) => ({
    from,
    heard: collect(to),
    chatter: startChatter(from, to.username ?? '', everyMs),
  }))
  await Promise.all(talks.map(({ heard }) => heard.until(20)))
  const id = serverOf(alice)
  // A stranger that never says anything has to go as well.
  const stranger = await openRawClient(cluster.serverUrl(id))

  const answer = await tell('drainServer', id, 'to try it')
  assert.equal(answer.server.id, id)
  assert.deepEqual(answer.server.drain, { by: 'olga', reason: 'to try it' })
  assert.equal(answer.server.rank, null)
  if (id === 1) watch = await watchOperations(cluster.serverUrl(2), token)
  const { seen } = await watch.untilTold('it is empty', () => conditionOf(id) === 'DRAINED')

  assert.equal(seen.servers.find((server) => server.id === id)?.sockets, 0)
  assert.equal(seen.verdict.state, 'OK')
  assert.match(seen.verdict.sentence, new RegExp(`Server ${id} is drained.$`))
  assert.equal(stranger.isOpen, false)
  assert.deepEqual([await statusOf(id, '/health'), await statusOf(id, '/ready')], [200, 503])
  assert.equal(await upgradeStatus(cluster.serverUrl(id)), 503)
  await cluster.untilRanked(cluster.serverIds.filter((other) => other !== id))
  await untilTrue('all have moved', () =>
    people.every((client) => client.connection.kind === 'live' && serverOf(client) !== id),
  )

  const resumed = await tell('resumeServer', id)
  assert.equal(resumed.server.drain, null)
  await watch.untilTold('it takes clients', () => conditionOf(id) === 'UP')
  await cluster.untilRanked(cluster.serverIds)
  assert.equal(await statusOf(id, '/ready'), 200)
  const back = await openRawClient(cluster.serverUrl(id))
  back.close()

  await Promise.all(talks.map(({ chatter }) => chatter.stop()))
  for (const { from, heard, chatter } of talks) {
    await heard.until(chatter.texts.length)
    assert.deepEqual(heard.texts(), chatter.texts)
    for (const messageId of chatter.ids)
      assert.deepEqual(await from.settled(messageId), { kind: 'delivered' })
  }
  assert.deepEqual(complaints, [])
  assert.deepEqual(
    cluster.logs().filter((line) => /"level":"error"/.test(line)),
    [],
  )
  await Promise.all(people.map((client) => client.close()))
})

test('what was ordered twice is done once, and the audit tells who did what and why', async () => {
  const before = await sql.count('SELECT count(*) FROM operator_audit')

  await tell('drainServer', 2, 'once')
  await tell('drainServer', 2, 'twice')
  await tell('resumeServer', 2)
  await tell('resumeServer', 2)

  const audit = await sql.rows('SELECT * FROM operator_audit ORDER BY id OFFSET $1', [before])
  assert.deepEqual(
    audit.map(({ operator, action, server_id, reason }) => [operator, action, server_id, reason]),
    [
      ['olga', 'DRAINED', 2, 'once'],
      ['olga', 'RESUMED', 2, null],
    ],
  )
  await cluster.untilRanked(cluster.serverIds)
})

test('the last server that takes clients is not drained, however many ask at once', async () => {
  const answers = await Promise.all([1, 2, 3].map((id) => tell('drainServer', id)))

  const codes = answers.map(({ __typename, code }) => code ?? __typename).toSorted()
  assert.deepEqual(codes, ['CONFLICT', 'DrainServerPayload', 'DrainServerPayload'])
  for (const id of [1, 2, 3]) await tell('resumeServer', id)
  await cluster.untilRanked(cluster.serverIds)
})

test('a server that is not there cannot be drained', async () => {
  assert.equal((await tell('drainServer', 77)).code, 'NOT_FOUND')
  assert.equal((await tell('resumeServer', 77)).code, 'NOT_FOUND')
})

test('a drained server that is stopped ends with 0, and started again it serves', async () => {
  await tell('drainServer', 3)
  await untilTrue('it obeys', async () => (await statusOf(3, '/ready')) === 503)

  assert.equal(await cluster.stop(3), 0)
  await cluster.restart(3)

  await cluster.untilRanked(cluster.serverIds)
})

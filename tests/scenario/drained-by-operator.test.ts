import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { upgradeStatus } from '../security/support/open-socket.ts'
import { askOverHttp } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { serverOf, startConversation } from '../support/conversation.ts'
import { startCrowd } from '../support/crowd.ts'
import { createOperator } from '../support/operator.ts'
import { openRawClient } from '../support/raw-client.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'
import { type OperationsWatch, watchOperations } from '../support/watch-operations.ts'

/** What a drain has to bear, and what is written so that a machine with other things to do gets there too. */
const promisedPerSecond = 200
const aimedPerSecond = 300

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

test('a server drained under 200 messages a second is emptied, loses nothing, stays up, and takes clients again when resumed', async (t) => {
  const conversation = await startConversation(cluster)
  const crowd = await startCrowd(cluster, sql, { pairs: 30, perSecond: aimedPerSecond })
  const [alice, bob] = [conversation.alice, conversation.bob]
  await conversation.untilFlows(20)
  const thoseOn = (server: number) =>
    crowd.members.filter(({ serverId }) => serverId === String(server))
  const [id = 0] = cluster.serverIds.toSorted((a, b) => thoseOn(b).length - thoseOn(a).length)
  const moved = thoseOn(id)
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
  await untilTrue('all have moved', () => {
    const everybody = [
      ...[alice, bob].map((client) => client.connection.kind === 'live' && serverOf(client)),
      ...crowd.members.map(({ serverId }) => serverId !== undefined && Number(serverId)),
    ]
    return everybody.every((server) => server !== false && server !== id)
  })
  await conversation.untilFlows(20)
  // On a machine that has other things to do, those who moved need a moment to make up for it.
  await untilTrue(`${promisedPerSecond} a second since the order`, async () => {
    const { messages, seconds } = await acceptedSince('DRAINED', id)
    return messages / seconds >= promisedPerSecond
  })
  const { messages, seconds } = await acceptedSince('DRAINED', id)

  const resumed = await tell('resumeServer', id)
  assert.equal(resumed.server.drain, null)
  await watch.untilTold('it takes clients', () => conditionOf(id) === 'UP')
  await cluster.untilRanked(cluster.serverIds)
  assert.equal(await statusOf(id, '/ready'), 200)
  const back = await openRawClient(cluster.serverUrl(id))
  assert.equal(back.hello.serverId, id)
  back.close()

  const total = await crowd.endsWell()
  await conversation.endsWell()
  t.diagnostic(
    `${Math.round(messages / seconds)} messages a second over the ${seconds.toFixed(1)} s of the drain (${messages} of ${total}), ${moved.length} of the crowd moved`,
  )
  assert.deepEqual(
    cluster.logs().filter((line) => /"level":"error"/.test(line)),
    [],
  )
})

/** What the servers have stored since an operator ordered that, all by the database's clock. */
async function acceptedSince(action: string, serverId: number) {
  const [row] = await sql.rows<{ messages: number; seconds: number }>(
    `SELECT count(*)::int AS messages, extract(epoch FROM clock_timestamp() - min(began))::float8 AS seconds
    FROM (SELECT max(at) AS began FROM operator_audit WHERE action = $1 AND server_id = $2) AS ordered
    JOIN sent_messages ON accepted_at >= began`,
    [action, serverId],
  )
  return row ?? assert.fail('unreachable: an aggregate has one row')
}

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

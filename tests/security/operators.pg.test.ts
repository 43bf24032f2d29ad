import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Account, createAccount } from '../support/account.ts'
import { askOverHttp, codesOf, type RawAnswer } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { newGroup } from '../support/group.ts'
import { createOperator } from '../support/operator.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import { sealedMessage } from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { newUpload, sealedChunkBytes } from '../support/upload.ts'
import { type OperationCase, operationCases, type World } from './support/operation-cases.ts'

let cluster: Cluster
let sql: Sql
let alice: Account
let world: World

before(async () => {
  cluster = await startCluster({ servers: 2 })
  sql = await openSql(cluster.databaseUrl)
  alice = await createAccount(sql, 'alice')
  const bob = await createAccount(sql, 'bob')
  world = {
    ...{ alice, bob },
    attachmentId: crypto.randomUUID(),
    message: await sealedMessage(alice, bob, 'hello'),
    club: await newGroup(alice, [bob]),
    upload: newUpload(sealedChunkBytes + 100),
  }
})
after(async () => {
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

const url = () => cluster.serverUrl(1)
const all = Object.entries(operationCases)
const forOperators = all.filter(([, { asks }]) => asks === 'an operator')
const forPeople = all.filter(([, { asks }]) => asks === 'a session' || asks === 'a device')

const overHttp = ({ document, variables }: OperationCase, token?: string) =>
  askOverHttp(url(), document, variables(world), token)

async function answersTo(
  cases: readonly (readonly [string, OperationCase])[],
  ask: (one: OperationCase) => Promise<RawAnswer>,
) {
  const codes = new Map<string, readonly string[]>()
  for (const [name, one] of cases) codes.set(name, codesOf(await ask(one)))
  return codes
}

function allSay(answers: ReadonlyMap<string, readonly string[]>, code: string, count: number) {
  assert.equal(answers.size, count)
  for (const [name, codes] of answers) assert.deepEqual(codes, [code], name)
}

/** What changes when an operator does something. */
const deeds = () => sql.count('SELECT count(*) FROM operator_audit') as Promise<number>

test('there is something for operators and something for people, and what is for nobody else is counted', () => {
  assert.ok(forOperators.length >= 7)
  assert.ok(forPeople.length >= 14)
})

test("a person's token opens nothing of the operations, over HTTP and on a socket, at a server and at the balancer", async () => {
  const before = await deeds()
  const socket = await openRawClient(url(), alice.token)

  const http = await answersTo(forOperators, (one) => overHttp(one, alice.token))
  const onSocket = await answersTo(forOperators, ({ document, variables }) =>
    socket.ask(document, variables(world)),
  )
  const balancer = await answersTo(forOperators, ({ document, variables }) =>
    askOverHttp(cluster.url, document, variables(world), alice.token),
  )

  for (const answers of [http, onSocket, balancer])
    allSay(answers, 'FORBIDDEN', forOperators.length)
  assert.equal(await deeds(), before)
})

test('without a token, nothing of the operations opens', async () => {
  const before = await deeds()
  const socket = await openRawClient(url())

  const http = await answersTo(forOperators, (one) => overHttp(one))
  const onSocket = await answersTo(forOperators, ({ document, variables }) =>
    socket.ask(document, variables(world)),
  )

  for (const answers of [http, onSocket]) allSay(answers, 'UNAUTHENTICATED', forOperators.length)
  assert.equal(await deeds(), before)
})

for (const [what, session] of [
  ['has expired', { expiresIn: '-1 second' }],
  ['was revoked', { isRevoked: true }],
] as const)
  test(`a token that ${what} opens nothing of the operations`, async () => {
    const token = await createOperator(sql, `olga-${what.slice(4)}`, session)
    const before = await deeds()

    const http = await answersTo(forOperators, (one) => overHttp(one, token))

    allSay(http, 'UNAUTHENTICATED', forOperators.length)
    await assert.rejects(openRawClient(url(), token), /closed with 4403/)
    assert.equal(await deeds(), before)
  })

test('a socket that an operator opened opens nothing once the session has ended', async () => {
  const token = await createOperator(sql, 'olga-leaves')
  const socket = await openRawClient(url(), token)
  assert.deepEqual(codesOf(await socket.ask('{ operator { name } }')), [])
  const stream = listenTo(socket)
  await stream.first

  await sql.rows(`UPDATE operator_sessions SET revoked_at = now() WHERE operator_id =
    (SELECT id FROM operators WHERE name = 'olga-leaves')`)
  const before = await deeds()
  const answers = await answersTo(forOperators, ({ document, variables }) =>
    socket.ask(document, variables(world)),
  )
  await stream.ended

  allSay(answers, 'UNAUTHENTICATED', forOperators.length)
  assert.deepEqual(stream.codes(), ['UNAUTHENTICATED'])
  assert.equal(await deeds(), before)
})

test('at the balancer, which takes no sockets, the same comes as server-sent events and ends alike', async () => {
  const token = await createOperator(sql, 'olga-streams')
  const answer = await fetch(`${cluster.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      query: 'subscription { operations(intervalMs: 500) { answeredBy } }',
    }),
  })

  const said: string[] = []
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) {
    said.push(decoder.decode(chunk, { stream: true }))
    if (said.join('').includes('"answeredBy":0'))
      await sql.rows(`DELETE FROM operators WHERE name = 'olga-streams'`)
  }

  const events = said.join('')
  assert.match(events, /"answeredBy":0/)
  assert.match(events, /"code":"UNAUTHENTICATED"/)
  assert.match(events, /event: complete/)
})

test("an operator's token opens nothing that is for people", async () => {
  const token = await createOperator(sql)
  const socket = await openRawClient(url(), token)
  assert.equal(socket.hello.challenge, undefined)

  const http = await answersTo(forPeople, (one) => overHttp(one, token))
  const onSocket = await answersTo(forPeople, ({ document, variables }) =>
    socket.ask(document, variables(world)),
  )

  for (const answers of [http, onSocket]) allSay(answers, 'FORBIDDEN', forPeople.length)
})

test('a removed operator is signed out', async () => {
  const token = await createOperator(sql, 'olga-removed')
  await sql.rows(`DELETE FROM operators WHERE name = 'olga-removed'`)

  const answer = await askOverHttp(url(), '{ operator { name } }', {}, token)

  assert.deepEqual(codesOf(answer), ['UNAUTHENTICATED'])
})

/** A subscription, and how it ended. */
function listenTo(socket: RawClient) {
  const first = Promise.withResolvers<void>()
  let last: RawAnswer = {}
  const ended = socket.listen(
    'subscription { operations(intervalMs: 500) { verdict { state } } }',
    {},
    (answer) => {
      last = answer
      first.resolve()
    },
  )
  return { first: first.promise, ended, codes: () => codesOf(last) }
}

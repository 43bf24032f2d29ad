import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { startSignIn } from '../../client-core/src/crypto/opaque.ts'
import { askOverHttp, codesOf } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { newInstallation, openClient, password, signedUp } from '../support/people.ts'
import { openSql, type Sql } from '../support/sql.ts'

let cluster: Cluster
let sql: Sql
let alice: ChatClient

before(async () => {
  cluster = await startCluster({ servers: 2 })
  sql = await openSql(cluster.databaseUrl)
  alice = await signedUp(cluster.url, 'alice')
})
after(async () => {
  await alice.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

async function aliased(count: number) {
  const { startLoginRequest } = await startSignIn('a guess')
  const fields = Array.from(
    { length: count },
    (_, index) =>
      `a${index}: startSignIn(input: { username: "alice", startLoginRequest: "${startLoginRequest}" }) { __typename ... on UserError { code } }`,
  )
  return askOverHttp(cluster.serverUrl(1), `mutation { ${fields.join(' ')} }`)
}

test('T39: a thousand sign-ins in one request are refused together, and count as none', async () => {
  const answer = await aliased(1000)

  assert.deepEqual(codesOf(answer), ['QUERY_TOO_COMPLEX'])
  assert.equal(await sql.count('SELECT count(*) FROM attempts'), 0)
  assert.equal(await sql.count('SELECT count(*) FROM sign_ins'), 0)
})

test('T39: as many as a request may hold count one by one, on all servers together', async () => {
  const answer = await aliased(8)

  const outcomes = Object.values(answer.data ?? {}).map(({ __typename }) => __typename)
  assert.deepEqual(outcomes, [
    ...Array.from({ length: 3 }, () => 'StartSignInPayload'),
    ...Array.from({ length: 5 }, () => 'TooManyAttemptsError'),
  ])
  const elsewhere = await openClient(cluster.serverUrl(2), newInstallation())
  const refused = await elsewhere.signIn({ username: 'alice', password, deviceName: 'new' })
  assert.equal(refused.kind, 'too-many-attempts')
  // Her own session goes on: nobody is locked out of what they have.
  assert.equal((await alice.devices()).length, 1)
  await elsewhere.close()
})

test('T40: a name that looks like another is refused, whatever letters it is made of', async () => {
  const ours = ['alice', 'ALICE', 'al1ce', 'a1ice', 'aiice']
  const foreign = [
    '\u0430lice',
    'ali\u0441e',
    'alic\u0435',
    '\uff41lice',
    'alice\u200b',
    'alice\u0301',
  ]
  const lookalikes = [...ours, ...foreign]
  const before = await sql.count('SELECT count(*) FROM clients')

  for (const username of lookalikes) {
    const client = await openClient(cluster.url, newInstallation())
    await assert.rejects(
      client.signUp({ username, password, deviceName: 'evil' }),
      ({ code }) => {
        return code === 'NAME_TAKEN' || code === 'BAD_USER_INPUT'
      },
      username,
    )
    await client.close()
  }

  assert.equal(await sql.count('SELECT count(*) FROM clients'), before)
})

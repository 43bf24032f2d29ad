import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { openSql } from '../support/sql.ts'
import { ask, query } from './support/ask.ts'
import { openSocket, subscribe } from './support/open-socket.ts'
import { signUpOn } from './support/signed-up-person.ts'

let cluster: Cluster

before(async () => {
  cluster = await startCluster({ servers: 2 })
})
after(() => cluster.close())

async function openAs(serverId: number, token: string) {
  const socket = await openSocket(cluster.serverUrl(serverId))
  socket.send({ type: 'connection_init', payload: { token } })
  const { payload } = await socket.next()
  return { socket, hello: payload }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('the hello of a device names the server and brings a challenge and the time', async () => {
  const alice = await signUpOn(cluster.databaseUrl, 'alice-hello')

  const { socket, hello } = await openAs(2, alice.signedIn.token)

  assert.equal(hello.serverId, 2)
  assert.match(hello.challenge, /^[A-Za-z0-9_-]{40,}$/)
  assert(Math.abs(Date.parse(hello.serverTime) - Date.now()) < 10_000)
  socket.end()
})

test('W14 signing out at one server closes the sockets at another within two seconds, and the token is dead', async () => {
  const alice = await signUpOn(cluster.databaseUrl, 'alice')
  const { token } = alice.signedIn
  const { socket } = await openAs(1, token)

  const began = performance.now()
  const signedOut = await ask(cluster.serverUrl(2), {
    ...query('mutation { signOut { ... on SignOutPayload { signedOut } } }'),
    headers: bearer(token),
  })
  const { code } = await socket.closed()
  const tookMs = performance.now() - began
  const afterwards = await openSocket(cluster.serverUrl(1))
  afterwards.send({ type: 'connection_init', payload: { token } })

  assert.match(signedOut.text, /"signedOut":true/)
  assert.equal(code, 4403)
  assert(tookMs < 2000, `${tookMs} ms`)
  assert.equal((await afterwards.closed()).code, 4403)
  assert.equal(
    (await ask(cluster.serverUrl(1), { ...query('{ me { vault } }'), headers: bearer(token) }))
      .code,
    'UNAUTHENTICATED',
  )
})

test('W14 who signs out over a socket gets the answer, and then the socket is closed', async () => {
  const dora = await signUpOn(cluster.databaseUrl, 'dora')
  const { socket } = await openAs(1, dora.signedIn.token)

  socket.send(subscribe('1', 'mutation { signOut { ... on SignOutPayload { signedOut } } }'))
  const answer = await socket.nextOf('1')
  const { code } = await socket.closed()

  assert.deepEqual(answer.payload.data, { signOut: { signedOut: true } })
  assert.equal(code, 4403)
})

test('W14 a session that ended without any note to the servers is noticed within two seconds as well', async () => {
  const bob = await signUpOn(cluster.databaseUrl, 'bob')
  const { socket } = await openAs(1, bob.signedIn.token)
  await using sql = await openSql(cluster.databaseUrl)

  const began = performance.now()
  await sql.rows('UPDATE sessions SET revoked_at = clock_timestamp() WHERE id = $1', [
    bob.viewer.sessionId,
  ])
  const { code } = await socket.closed()

  assert.equal(code, 4403)
  assert(performance.now() - began < 2000)
})

test('W14 nobody else is closed when one session ends', async () => {
  const [alice, carol] = [
    await signUpOn(cluster.databaseUrl, 'alice2'),
    await signUpOn(cluster.databaseUrl, 'carol'),
  ]
  const [ending, staying] = [
    await openAs(1, alice.signedIn.token),
    await openAs(1, carol.signedIn.token),
  ]

  await ask(cluster.serverUrl(1), {
    ...query('mutation { signOut { __typename } }'),
    headers: bearer(alice.signedIn.token),
  })
  await ending.socket.closed()
  staying.socket.send(subscribe('1', '{ me { account { username } } }'))

  assert.deepEqual((await staying.socket.nextOf('1')).payload.data, {
    me: { account: { username: 'carol' } },
  })
  staying.socket.end()
})

test('the balancer answers requests and takes no sockets', async () => {
  const { hostname, port } = new URL(cluster.url)
  const wire = connect(Number(port), hostname)
  wire.write(
    'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )

  const [data] = await once(wire, 'data')
  const { text } = await ask(
    cluster.url,
    query('{ fastestServer { id } balancer { servers { id } } }'),
  )

  assert.match(String(data), /^HTTP\/1\.1 426/)
  assert.doesNotMatch(text, /"id":0/)
})

test('W10 a client that sends its headers byte by byte is cut off', async () => {
  const { hostname, port } = new URL(cluster.serverUrl(1))
  const wire = connect(Number(port), hostname)
  const began = performance.now()
  const text = `POST /graphql HTTP/1.1\r\nHost: x\r\n${'X-Slow: x\r\n'.repeat(100)}`
  let sent = 0
  const drip = setInterval(() => wire.write(text[sent++] ?? 'x'), 200)
  // To write to somebody who has hung up is an error here, and what is hoped for.
  wire.on('error', () => {})

  await new Promise((resolve) => wire.once('close', resolve))
  clearInterval(drip)

  assert(performance.now() - began < 14_000)
})

test('L01 no token, password or key of anybody is in the logs', () => {
  const logs = cluster.logs().join('\n')

  assert.match(logs, /"event":"started"/)
  assert.doesNotMatch(logs, /bearer|password of|authorization|127\.0\.0\.1:\d+\/fastchat_test/i)
})

import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { test } from 'node:test'
import { ask, query } from '../../../../tests/security/support/ask.ts'
import {
  openSocket,
  subscribe,
  upgradeStatus,
} from '../../../../tests/security/support/open-socket.ts'
import { signUpOn } from '../../../../tests/security/support/signed-up-person.ts'
import { startCluster } from '../../../../tests/support/cluster.ts'
import { lengthPrefixed, signatureContexts } from '../identity/context-signature.ts'

test('a server that is drained tells its clients, closes them one by one with 1012 and ends with 0', async () => {
  await using cluster = await startCluster({ servers: 2 })
  const alice = await signUpOn(cluster.databaseUrl, 'alice')
  const url = cluster.serverUrl(1)
  const attached = await openSocket(url)
  attached.send({ type: 'connection_init', payload: { token: alice.signedIn.token } })
  const { payload } = await attached.next()
  const challenge = Buffer.from(payload.challenge, 'base64url')
  const signature = sign(
    null,
    Buffer.concat([
      Buffer.from(signatureContexts.attach),
      lengthPrefixed('1'),
      Buffer.from(alice.device.id),
      challenge,
    ]),
    alice.device.signing.privateKey,
  )
  attached.send(
    subscribe(
      'attach',
      'mutation A($input: AttachMailboxInput!) { attachMailbox(input: $input) { ... on AttachMailboxPayload { attachmentId } ... on UserError { code message } } }',
      { input: { challenge: payload.challenge, signature: signature.toString('base64url') } },
    ),
  )
  const { attachmentId } = (await attached.nextOf('attach')).payload.data.attachMailbox
  attached.send(
    subscribe(
      'inbox',
      'subscription I($id: ID!) { inbox(attachmentId: $id) { events { __typename ... on ServerDraining { retryAfterMs } } } }',
      { id: attachmentId },
    ),
  )
  const strangers = await Promise.all(Array.from({ length: 40 }, () => openSocket(url)))
  for (const stranger of strangers) stranger.send({ type: 'connection_init' })
  await Promise.all(strangers.map((stranger) => stranger.next()))
  // Answered in order: when this has come back, the subscription is there.
  attached.send(subscribe('after', '{ service { serverId } }'))
  await attached.nextOf('after')

  const ended = cluster.stop(1)
  const told = await attached.nextOf('inbox')
  const refused = await Promise.all([
    upgradeStatus(url),
    ask(url, { method: 'GET', path: '/ready' }),
  ])
  const closed = await Promise.all([attached, ...strangers].map((socket) => socket.closed()))
  const code = await ended

  assert.equal(told.payload.data.inbox.events[0].__typename, 'ServerDraining')
  assert.deepEqual([refused[0], refused[1].status], [503, 503])
  assert.deepEqual(new Set(closed.map((close) => close.code)), new Set([1012]))
  assert.equal(code, 0)
  await cluster.untilRanked([2])
})

test('what was begun is finished before the socket closes', async () => {
  await using cluster = await startCluster({ servers: 1 })
  const socket = await openSocket(cluster.serverUrl(1))
  socket.send({ type: 'connection_init' })
  await socket.next()

  socket.send(subscribe('1', '{ balancer { servers { id } } }'))
  const code = cluster.stop(1)
  const answer = await socket.nextOf('1')

  assert.deepEqual(answer.payload.data, { balancer: { servers: [{ id: 1 }] } })
  assert.equal(await code, 0)
})

test('a server that runs alone answers who is the fastest: itself', async () => {
  await using cluster = await startCluster({ servers: 1 })
  await cluster.kill(0)

  const { text } = await ask(cluster.serverUrl(1), query('{ fastestServer { id url rank } }'))

  assert.deepEqual(JSON.parse(text).data.fastestServer, {
    id: 1,
    url: cluster.serverUrl(1),
    rank: 1,
  })
})

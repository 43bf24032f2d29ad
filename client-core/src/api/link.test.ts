import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'
import type { InboxBatch, LinkClosed } from './chat-api.ts'
import { openLink } from './link.ts'

const hello = { serverId: 3, challenge: 'AQID', serverTime: '2026-11-22T12:00:00.000Z' }
const service = { version: '1', messageTtlMs: 120_000, serverTime: '2026-11-22T12:00:00.000Z' }

interface Frame {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly query?: string }
}

/** One socket of the protocol graphql-transport-ws; `answer` plays the server behind it. */
async function listen(
  context: TestContext,
  answer: (frame: Frame, socket: WebSocket, tcp: Socket) => void,
): Promise<{ readonly url: string; readonly sockets: Set<WebSocket> }> {
  const http: Server = createServer().listen(0, '127.0.0.1')
  const server = new WebSocketServer({
    server: http,
    handleProtocols: () => 'graphql-transport-ws',
  })
  server.on('connection', (socket, request) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame
      if (frame.type === 'connection_init') {
        socket.send(JSON.stringify({ type: 'connection_ack', payload: hello }))
      } else answer(frame, socket, request.socket)
    })
  })
  await once(http, 'listening')
  context.after(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
    http.close()
  })
  const { port } = http.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, sockets: server.clients }
}

function send(socket: WebSocket, id: string | undefined, data: unknown): void {
  socket.send(JSON.stringify({ type: 'next', id, payload: { data } }))
}

async function open(url: string) {
  const closed = Promise.withResolvers<LinkClosed>()
  const link = await openLink({ url, token: 'token', onClosed: closed.resolve })
  return { link, closed: closed.promise }
}

test('the greeting of the server is read', async (context) => {
  const { url } = await listen(context, () => undefined)

  const { link } = await open(url)

  assert.deepEqual(link.hello, { serverId: '3', challenge: Uint8Array.of(1, 2, 3) })
  link.close()
})

test('a result and its completion in one packet leave the socket open for the next', async (context) => {
  const { url, sockets } = await listen(context, ({ type, id }, socket, tcp) => {
    if (type !== 'subscribe') return
    tcp.cork()
    send(socket, id, { service })
    socket.send(JSON.stringify({ type: 'complete', id }))
    tcp.uncork()
  })
  const { link } = await open(url)

  for (let round = 0; round < 5; round++) {
    assert.equal((await link.operations.service()).messageTtlMs, 120_000)
  }

  assert.equal(sockets.size, 1)
  link.close()
})

test('a completed subscription closes the link and repeats no batch', async (context) => {
  const { url } = await listen(context, ({ type, id }, socket) => {
    if (type !== 'subscribe') return
    const draining = { __typename: 'ServerDraining', retryAfterMs: 5 }
    send(socket, id, { inbox: { serverTime: hello.serverTime, events: [draining] } })
    socket.send(JSON.stringify({ type: 'complete', id }))
  })
  const { link, closed } = await open(url)
  const batches: InboxBatch[] = []

  link.watchInbox('attachment', (batch) => batches.push(batch))

  assert.deepEqual(await closed, { kind: 'lost' })
  assert.deepEqual(
    batches.flatMap(({ events }) => events),
    [{ kind: 'server-draining', retryAfterMs: 5 }],
  )
})

test('an event that this client does not know is left out, and the others come', async (context) => {
  const { url } = await listen(context, ({ type, id }, socket) => {
    if (type !== 'subscribe') return
    const known = { __typename: 'DevicesChanged', username: 'alice', version: 2 }
    const events = [{ __typename: 'SomethingNew' }, known]
    send(socket, id, { inbox: { serverTime: hello.serverTime, events } })
  })
  const { link } = await open(url)

  const batch = await new Promise<InboxBatch>((resolve) => link.watchInbox('attachment', resolve))

  assert.deepEqual(batch.events, [{ kind: 'devices-changed', username: 'alice', version: 2 }])
  link.close()
})

const closings: readonly (readonly [number, LinkClosed['kind']])[] = [
  [4403, 'session-ended'],
  [4401, 'session-ended'],
  [4410, 'replaced'],
  [4413, 'lost'],
  [1012, 'lost'],
]

for (const [code, kind] of closings) {
  test(`a socket that the server closes with ${code} is ${kind}`, async (context) => {
    const { url } = await listen(context, (_frame, socket) => socket.close(code))
    const { link, closed } = await open(url)

    await assert.rejects(link.operations.service(), { name: 'ChatError' })

    assert.deepEqual(await closed, { kind })
  })
}

test('after the end an operation is refused and opens no second socket', async (context) => {
  const { url, sockets } = await listen(context, () => undefined)
  const { link } = await open(url)

  link.close()
  await assert.rejects(link.operations.service(), { code: 'NETWORK' })

  for (const socket of sockets) await once(socket, 'close')
  assert.equal(sockets.size, 0)
})

test('a server that is not there rejects with NETWORK', async () => {
  await assert.rejects(
    openLink({ url: 'http://127.0.0.1:9', token: '', onClosed: () => undefined }),
    {
      code: 'NETWORK',
    },
  )
})

test('a refusal with its details becomes one error of the closed set', async (context) => {
  const { url } = await listen(context, ({ type, id }, socket) => {
    if (type !== 'subscribe') return
    const refusal = {
      code: 'STALE_DEVICE_LIST',
      message: 'Stale.',
      username: 'bob',
      currentVersion: 4,
    }
    send(socket, id, { sendMessage: { __typename: 'StaleDeviceListError', ...refusal } })
  })
  const { link } = await open(url)
  const message = { clientMessageId: 'id', envelope: new Uint8Array(0) as never, to: [] }

  await assert.rejects(link.operations.sendMessage(message), {
    name: 'ChatError',
    code: 'STALE_DEVICE_LIST',
    details: { username: 'bob', currentVersion: 4 },
  })
  link.close()
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { limits } from '../../server/src/domain/limits.ts'
import { ask, query } from './support/ask.ts'
import { openReadySocket, openSocket, subscribe, upgradeStatus } from './support/open-socket.ts'
import { startOurs, startTwin } from './support/target.ts'

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

test('W01 a socket that never says hello is closed after three seconds', async () => {
  await using ours = await startOurs()
  const socket = await openSocket(ours.url)

  const began = performance.now()
  const { code } = await socket.closed()

  assert.equal(code, 4408)
  assert(performance.now() - began < 4500)
})

test('W02 the protocol is kept: two hellos, no hello, no JSON, binary, an id twice, a message only servers send', async () => {
  await using ours = await startOurs()
  const twice = await openReadySocket(ours.url)
  const early = await openSocket(ours.url)
  const broken = await openReadySocket(ours.url)
  const binary = await openReadySocket(ours.url)
  const doubled = await openReadySocket(ours.url)
  const pretending = await openReadySocket(ours.url)

  twice.send({ type: 'connection_init' })
  early.send(subscribe('1', '{ hello }'))
  broken.send('{')
  binary.raw.send(Buffer.from('{"type":"ping"}'))
  doubled.send(subscribe('1', '{ never }'))
  doubled.send(subscribe('1', '{ never }'))
  pretending.send({ id: '1', type: 'next', payload: {} })

  assert.equal((await twice.closed()).code, 4429)
  assert.equal((await early.closed()).code, 4401)
  assert.equal((await broken.closed()).code, 4400)
  assert.equal((await binary.closed()).code, 4400)
  assert.equal((await doubled.closed()).code, 4409)
  assert.equal((await pretending.closed()).code, 4400)
})

test('W03 a page elsewhere cannot open a socket; a page on the list and a program can', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const from = (origin: string) => ({ headers: { origin } })

  for (const origin of [
    'https://evil.example',
    'null',
    'https://chat.example.evil',
    'http://chat.example',
    `${ours.url}.evil`,
  ]) {
    assert.equal(await upgradeStatus(ours.url, from(origin)), 403)
    assert.equal(await upgradeStatus(twin.url, from(origin)), null)
  }
  assert.equal(await upgradeStatus(ours.url, from('https://chat.example')), null)
  assert.equal(await upgradeStatus(ours.url, from(ours.url)), null)
  assert.equal(await upgradeStatus(ours.url), null)
})

test('W04 a client that speaks another protocol, or none, is closed with 4406', async () => {
  await using ours = await startOurs()

  const legacy = await openSocket(ours.url, { subprotocols: ['graphql-ws'] }).then(
    (socket) => socket.closed(),
    () => null,
  )
  const none = await openSocket(ours.url, { subprotocols: [] }).then(
    (socket) => socket.closed(),
    () => null,
  )

  for (const closed of [legacy, none]) assert(closed === null || closed.code === 4406)
})

test('W05 the fifth subscription is refused, the socket lives, and an ended one makes room', async () => {
  await using ours = await startOurs()
  const socket = await openReadySocket(ours.url)

  for (let id = 1; id <= limits.socketSubscriptions; id += 1)
    socket.send(subscribe(`s${id}`, 'subscription { silence }'))
  socket.send(subscribe('fifth', 'subscription { silence }'))
  const refused = await socket.nextOf('fifth')
  socket.send({ id: 's1', type: 'complete' })
  socket.send(subscribe('sixth', 'subscription { count(to: 1) }'))
  const accepted = await socket.nextOf('sixth')

  assert.equal(refused.type, 'error')
  assert.equal(refused.payload[0].extensions.code, 'TOO_MANY_SUBSCRIPTIONS')
  assert.deepEqual(accepted.payload.data, { count: 1 })
  assert.equal(ours.small.listeners(), limits.socketSubscriptions - 1)
})

test('W05 a client that goes on asking for what it was refused is closed', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const attack = async (url: string) => {
    const socket = await openReadySocket(url)
    for (let id = 0; id < 500; id += 1)
      socket.send(subscribe(String(id), 'subscription { silence }'))
    return socket
  }

  const closed = await (await attack(ours.url)).closed()
  await attack(twin.url)
  await until(() => twin.small.listeners() === 500)

  assert.equal(closed.code, 1008)
  assert.equal(ours.small.listeners(), 0)
})

test('W06 subscribing and completing without end closes the socket and leaves no subscription behind', async () => {
  await using ours = await startOurs()
  const socket = await openReadySocket(ours.url)

  for (let id = 0; id < 5000 && socket.isOpen(); id += 1) {
    socket.send(subscribe(String(id), 'subscription { silence }'))
    socket.send({ id: String(id), type: 'complete' })
  }
  const { code } = await socket.closed()
  await until(() => ours.small.listeners() === 0)

  assert.equal(code, 1008)
})

test('W06 completing does not make an operation end: sixteen may run, whatever the client has forgotten', async () => {
  await using ours = await startOurs()
  const socket = await openReadySocket(ours.url)

  for (let id = 0; id < limits.socketOperations; id += 1) {
    socket.send(subscribe(String(id), '{ never }'))
    socket.send({ id: String(id), type: 'complete' })
  }
  socket.send(subscribe('more', '{ hello }'))
  const { payload } = await socket.nextOf('more')

  assert.equal(payload[0].extensions.code, 'RATE_LIMITED')
  assert(payload[0].extensions.retryAfterMs > 0)
})

test('W07 a client may ask whether we live, but not all the time', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const attacks = {
    'protocol pings': (socket: Awaited<ReturnType<typeof openSocket>>) =>
      socket.send({ type: 'ping' }),
    'protocol pongs': (socket: Awaited<ReturnType<typeof openSocket>>) =>
      socket.send({ type: 'pong' }),
    'WebSocket pings': (socket: Awaited<ReturnType<typeof openSocket>>) => socket.raw.ping(),
  }
  for (const [name, attack] of Object.entries(attacks)) {
    const [polite, rude, rudeToTwin] = [
      await openReadySocket(ours.url),
      await openReadySocket(ours.url),
      await openReadySocket(twin.url),
    ]

    for (let time = 0; time < 10; time += 1) attack(polite)
    for (let time = 0; time < 200; time += 1) attack(rude)
    for (let time = 0; time < 200; time += 1) attack(rudeToTwin)
    polite.send(subscribe('1', '{ hello }'))
    rudeToTwin.send(subscribe('1', '{ hello }'))

    assert.equal((await rude.closed()).code, 1008, name)
    assert.equal((await polite.nextOf('1')).type, 'next', name)
    // ws itself stops answering sixty pings that are not read.
    if (name !== 'WebSocket pings')
      assert.equal((await rudeToTwin.nextOf('1')).type, 'next', `${name} do not bite`)
  }
})

test('W08 a frame above the limit closes the socket with 1009; one below it is read', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const big = (bytes: number) => ({
    type: 'connection_init',
    payload: { padding: 'x'.repeat(bytes) },
  })
  const [below, above, toTwin] = [
    await openSocket(ours.url),
    await openSocket(ours.url),
    await openSocket(twin.url),
  ]

  below.send(big(limits.requestBytes - 100))
  above.send(big(limits.requestBytes))
  toTwin.send(big(2_000_000))

  assert.equal((await below.next()).type, 'connection_ack')
  assert.equal((await above.closed()).code, 1009)
  assert.equal((await toTwin.next()).type, 'connection_ack')
})

test('W09 a message in a thousand fragments that never ends is cut off early', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const attack = async (url: string) => {
    const socket = await openSocket(url)
    for (let fragment = 0; fragment < 1000; fragment += 1) socket.raw.send('x', { fin: false })
    return socket
  }

  const { code } = await (await attack(ours.url)).closed()
  const toTwin = await attack(twin.url)
  toTwin.raw.send('x', { fin: true })

  assert.equal(code, 1008)
  // The twin took all thousand: it closes only because the whole is no JSON.
  assert.equal((await toTwin.closed()).code, 4400)
})

test('W11 strangers of one network may open so many sockets; those who sign in do not count', async () => {
  await using ours = await startOurs({ unauthenticatedSockets: 3 })

  const first = await openReadySocket(ours.url)
  await openReadySocket(ours.url)
  await openReadySocket(ours.url, { token: 'good' })
  await openReadySocket(ours.url)
  const fourthStranger = await upgradeStatus(ours.url)
  first.end()
  await first.closed()
  let afterOneLeft: number | null = 429
  const deadline = Date.now() + 5000
  while (afterOneLeft === 429 && Date.now() < deadline) afterOneLeft = await upgradeStatus(ours.url)

  assert.equal(fourthStranger, 429)
  assert.equal(afterOneLeft, null)
})

test('W14 a wrong token closes the socket with 4403, and one that is no text as well', async () => {
  await using ours = await startOurs()

  for (const token of ['stolen', '', 17, { $ne: null }, ['good']]) {
    const socket = await openSocket(ours.url)
    socket.send({ type: 'connection_init', payload: { token } })
    assert.equal((await socket.closed()).code, 4403)
  }
})

test('W16 documents on a socket pass the same guard as over HTTP, and a bad one harms nobody else', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const socket = await openReadySocket(ours.url)
  socket.send(subscribe('mine', 'subscription { silence }'))
  const attacks = [
    ['{', 'BAD_USER_INPUT'],
    ['', 'BAD_USER_INPUT'],
    ['{ nothing }', 'BAD_USER_INPUT'],
    ['{ __schema { types { name } } }', 'BAD_USER_INPUT'],
    ['query A { hello } mutation B { bump }', 'BAD_USER_INPUT'],
    [`{ ${repeat(101, (i) => `a${i}: hello`)} }`, 'QUERY_TOO_COMPLEX'],
    [`{ ${repeat(3000, () => 'hello')} }`, 'QUERY_TOO_COMPLEX'],
    [`{ ${repeat(20, () => 'hello @include(if: true)')} }`, 'QUERY_TOO_COMPLEX'],
  ] as const

  for (const [document, code] of attacks) {
    socket.send(subscribe('attack', document))
    const { type, payload } = await socket.nextOf('attack')
    assert.equal(type, 'error', document.slice(0, 40))
    assert.equal(payload.length, 1)
    assert.equal(payload[0].extensions.code, code, document.slice(0, 40))
    assert.equal(payload[0].extensions.http, undefined)
    const { code: overHttp } = await ask(ours.url, query(document))
    assert.equal(overHttp, code, `over HTTP: ${document.slice(0, 40)}`)
  }
  socket.send(subscribe('after', '{ hello }'))

  assert.deepEqual((await socket.nextOf('after')).payload.data, { hello: 'hello' })
  assert.equal(ours.small.listeners(), 1)
  const twins = await openReadySocket(twin.url)
  twins.send(subscribe('attack', `{ ${repeat(101, (i) => `a${i}: hello`)} }`))
  assert.equal((await twins.nextOf('attack')).type, 'next')
  twins.send(subscribe('attack2', '{'))
  assert.equal((await twins.closed()).code, 4500)
})

test('W16 faults and variables that do not fit are told on a socket as over HTTP', async () => {
  await using ours = await startOurs()
  const socket = await openReadySocket(ours.url)

  socket.send(subscribe('fault', '{ fault }'))
  socket.send(subscribe('variables', 'query Q($n: Int) { echo(number: $n) }', { n: 'many' }))
  const [fault, variables] = [await socket.nextOf('fault'), await socket.nextOf('variables')]

  assert.equal(fault.payload.errors[0].extensions.code, 'INTERNAL')
  assert.doesNotMatch(JSON.stringify(fault), /hunter2/)
  assert.equal(variables.payload.errors[0].extensions.code, 'BAD_USER_INPUT')
})

test('W17 compression is not negotiated', async () => {
  await using ours = await startOurs()

  const socket = await openSocket(ours.url, { perMessageDeflate: true })

  assert.equal(socket.raw.extensions, '')
})

test('W18 a request with too many headers, or two lengths, gets nowhere', async () => {
  await using ours = await startOurs()
  const port = Number(new URL(ours.url).port)
  const raw = async (text: string) => {
    const wire = connect(port, '127.0.0.1')
    wire.write(text)
    let answer = ''
    wire.on('data', (data) => {
      answer += data
    })
    await once(wire, 'close')
    return answer.split('\r\n', 1)[0]
  }
  const many = repeat(2500, (i) => `X-H${i}: x\r\n`).replaceAll('\r\n ', '\r\n')

  assert.match((await raw(`POST /graphql HTTP/1.1\r\nHost: x\r\n${many}\r\n`)) ?? '', /431/)
  assert.match(
    (await raw(
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )) ?? '',
    /400/,
  )
})

test('sockets are opened at /graphql and nowhere else', async () => {
  await using ours = await startOurs()
  const { hostname, port } = new URL(ours.url)
  const wire = connect(Number(port), hostname)
  wire.write(
    'GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )

  const [data] = await once(wire, 'data')

  assert.match(String(data), /^HTTP\/1\.1 404/)
})

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('It did not happen within ten seconds.')
    await new Promise(setImmediate)
  }
}

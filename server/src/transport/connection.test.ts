import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { Duplex } from 'node:stream'
import { mock, test } from 'node:test'
import type { WebSocket } from 'ws'
import { createConnection } from './connection.ts'
import { socketLimits } from './socket-limits.ts'

/** A wire that counts how often it is written to, and takes nothing while it is held. */
function createWire() {
  const state = { writes: 0, isHeld: false, release: () => {} }
  const wire = new Duplex({
    read() {},
    writev(chunks, done) {
      state.writes += 1
      if (state.isHeld && chunks.length > 0) state.release = done
      else done()
    },
  })
  return { wire, state }
}

function setUp() {
  const { wire, state } = createWire()
  const closed: number[] = []
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1,
    send: (text: string) => wire.write(text),
    close: (code: number) => closed.push(code),
  }) as unknown as WebSocket
  const connection = createConnection({
    socket,
    wire,
    network: '192.0.2.0/24',
    messageRate: { burst: 10, perSecond: 1 },
  })
  return { connection, wire, state, closed }
}

test('what one turn of the event loop sends leaves in one write', async () => {
  const { connection, state } = setUp()

  void connection.send('one')
  void connection.send('two')
  await Promise.resolve()
  void connection.send('three')
  const meanwhile = state.writes
  await new Promise(setImmediate)
  void connection.send('four')
  await new Promise(setImmediate)

  assert.equal(meanwhile, 0)
  assert.equal(state.writes, 2)
})

test('a client that does not read is not sent more until it does', async () => {
  const { connection, state } = setUp()
  state.isHeld = true

  const small = connection.send('small')
  const large = connection.send('x'.repeat(socketLimits.highWaterBytes))
  let isResumed = false
  void large?.then(() => {
    isResumed = true
  })
  await new Promise(setImmediate)
  const whileHeld = isResumed
  state.isHeld = false
  state.release()
  await large

  assert.equal(small, undefined)
  assert.equal(whileHeld, false)
  assert.equal(isResumed, true)
})

test('whoever waits for a client to read stops waiting when the client is gone', async () => {
  const { connection, wire, state } = setUp()
  state.isHeld = true

  const waiting = connection.send('x'.repeat(socketLimits.highWaterBytes + 1))
  wire.destroy()

  await waiting
})

test('a socket that is to be closed waits for its operations, but not for ever', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const [idle, busy, stuck] = [setUp(), setUp(), setUp()]
  busy.connection.operations = 2
  stuck.connection.operations = 1

  for (const { connection } of [idle, busy, stuck])
    connection.closeWhenIdle(1012, 'restarting', socketLimits.closeWithinMs)
  const atOnce = [idle, busy, stuck].map(({ closed }) => closed.length)
  busy.connection.operationEnded()
  busy.connection.operationEnded()
  await new Promise(setImmediate)
  const afterItsOperations = busy.closed.length
  mock.timers.tick(socketLimits.closeWithinMs)
  mock.timers.reset()

  assert.deepEqual(atOnce, [1, 0, 0])
  assert.equal(afterItsOperations, 1)
  assert.deepEqual(stuck.closed, [1012])
})

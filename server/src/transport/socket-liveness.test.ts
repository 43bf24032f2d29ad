import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import type { Connection } from './connection.ts'
import { socketLimits } from './socket-limits.ts'
import { watchLiveness } from './socket-liveness.ts'

beforeEach(() => mock.timers.enable({ apis: ['setInterval', 'setTimeout'] }))
afterEach(() => mock.timers.reset())

function fakeConnection() {
  const happened: string[] = []
  const socket = {
    readyState: 1,
    bufferedAmount: 0,
    ping: () => happened.push('ping'),
    terminate: () => happened.push('terminate'),
  }
  const connection = {
    socket,
    quietSeconds: 0,
    slowSeconds: 0,
    close(code: number) {
      happened.push(`close ${code}`)
      socket.readyState = 2
    },
  }
  const stop = watchLiveness(new Set([connection as unknown as Connection]))
  return { connection, socket, happened, stop }
}

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) mock.timers.tick(1000)
}

test('a socket that talks is left alone', () => {
  const { connection, happened, stop } = fakeConnection()

  for (let minute = 0; minute < 10; minute += 1) {
    pass(6)
    connection.quietSeconds = 0
  }

  assert.deepEqual(happened, [])
  stop()
})

test('a quiet socket is asked after ten seconds and given up five seconds later', () => {
  const { happened, stop } = fakeConnection()

  pass(socketLimits.pingAfterSeconds)
  const asked = [...happened]
  pass(socketLimits.goneAfterSeconds - socketLimits.pingAfterSeconds)

  assert.deepEqual(asked, ['ping'])
  assert.deepEqual(happened, ['ping', 'terminate'])
  stop()
})

test('a client that lets 4 MiB wait for ten seconds is closed with 4413, even while it talks', () => {
  const { connection, socket, happened, stop } = fakeConnection()
  socket.bufferedAmount = socketLimits.slowBytes + 1

  for (let second = 0; second < socketLimits.slowAfterSeconds; second += 1) {
    pass(1)
    connection.quietSeconds = 0
  }
  pass(1)

  assert.deepEqual(happened, ['close 4413', 'terminate'])
  stop()
})

test('a client that catches up in time is not slow', () => {
  const { connection, socket, happened, stop } = fakeConnection()

  for (let round = 0; round < 5; round += 1) {
    socket.bufferedAmount = socketLimits.slowBytes + 1
    pass(socketLimits.slowAfterSeconds - 1)
    connection.quietSeconds = 0
    socket.bufferedAmount = 0
    pass(1)
    connection.quietSeconds = 0
  }

  assert.deepEqual(happened, [])
  stop()
})

test('a client that reads nothing and says nothing is closed within thirty seconds, however little waits', () => {
  const { socket, happened, stop } = fakeConnection()
  socket.bufferedAmount = 1

  pass(socketLimits.stuckAfterSeconds)

  assert.deepEqual(happened, ['ping', 'close 4413'])
  stop()
})

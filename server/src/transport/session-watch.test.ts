import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import type { NoteListener } from '../bus/bus.ts'
import { watchSessions } from './session-watch.ts'

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }))
afterEach(() => mock.timers.reset())

function setUp() {
  const ended: string[] = []
  const askedSince: number[] = []
  const state = { reachable: true, open: ['a'], expired: [] as string[] }
  let hear: NoteListener = () => {}
  const watch = watchSessions({
    sessions: {
      async findRevokedSince(since) {
        if (!state.reachable) throw new Error('no database')
        askedSince.push(since.getTime())
        return []
      },
      findEnded: async (ids) => ids.filter((id) => state.expired.includes(id)),
    },
    bus: {
      listen(listener) {
        hear = listener
        return () => {}
      },
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: Date.now,
    openSessions: () => state.open,
    onEnded: (id) => ended.push(id),
  })
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      mock.timers.tick(1000)
      await new Promise(setImmediate)
    }
  }
  return {
    ended,
    askedSince,
    state,
    watch,
    pass,
    hear: (note: Parameters<NoteListener>[0]) => hear(note),
  }
}

test('a note is passed on at once', () => {
  const { ended, hear } = setUp()

  hear({ kind: 'session-revoked', sessionId: 'a' })

  assert.deepEqual(ended, ['a'])
})

test('after the database was away, the next look reaches back to the last one that succeeded', async () => {
  const { askedSince, state, pass } = setUp()

  await pass(1)
  state.reachable = false
  await pass(60)
  state.reachable = true
  await pass(1)

  const [before = 0, after = 0] = askedSince
  assert.equal(askedSince.length, 2)
  assert(
    after - before <= 1000,
    `the look reached back to ${after - before} ms after the one before`,
  )
})

test('a session that has run out is noticed within a minute', async () => {
  const { ended, state, pass } = setUp()

  await pass(10)
  state.open = Array.from({ length: 2500 }, (_, number) => `s${number}`)
  state.expired = ['s7', 's2400']
  await pass(60)

  assert.deepEqual(ended, ['s7', 's2400'])
})

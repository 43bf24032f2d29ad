import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type ConnectionEvent,
  type ConnectionState,
  nextConnectionState,
  type ServerAddress,
} from './connection-machine.ts'

const one: ServerAddress = { id: '1', url: 'http://one' }
const two: ServerAddress = { id: '2', url: 'http://two' }
const lost: ConnectionEvent = { kind: 'lost', nowMs: 0, random: 0.5 }
const idle: ConnectionState = { kind: 'idle' }

function after(events: readonly ConnectionEvent[], from: ConnectionState = idle): ConnectionState {
  return events.reduce(nextConnectionState, from)
}

function chosen(...servers: readonly ServerAddress[]): ConnectionEvent {
  return { kind: 'chosen', servers, random: 0.5 }
}

const live = after([
  { kind: 'started' },
  chosen(one, two),
  { kind: 'opened' },
  { kind: 'attached', nowMs: 0 },
])

test('started, chosen, opened and attached is live at the best server', () => {
  assert.deepEqual(live, { kind: 'live', attempt: 0, server: one, sinceMs: 0 })
})

test('a server that cannot be reached is followed by the next in the ranking, without a wait', () => {
  const state = after([{ kind: 'started' }, chosen(one, two), lost])

  assert.equal(state.kind === 'connecting' && state.server.id, '2')
})

test('when no server can be reached it waits longer each round, at most twenty seconds', () => {
  let state = after([{ kind: 'started' }])
  const waits: number[] = []
  for (let round = 0; round < 10; round++) {
    state = after(
      [
        { kind: 'chosen', servers: [one], random: 0.999 },
        { ...lost, random: 0.999 },
      ],
      state,
    )
    if (state.kind === 'waiting') waits.push(state.delayMs)
    state = after([{ kind: 'retry-due' }], state)
  }

  assert.deepEqual(waits, [499, 999, 1998, 3996, 7992, 15984, 19980, 19980, 19980, 19980])
})

test('a draining server is left at once, and tried last when the next is chosen', () => {
  const moving = after([{ kind: 'draining' }], live)
  const next = after([chosen(one, two)], moving)

  assert.equal(moving.kind, 'choosing')
  assert.equal(next.kind === 'connecting' && next.server.id, '2')
})

test('a link that held starts the waits anew, one that broke at once does not', () => {
  const tired: ConnectionState = { kind: 'live', attempt: 5, server: one, sinceMs: 0 }

  const early = after([{ ...lost, nowMs: 9_999 }], tired)
  const late = after([{ ...lost, nowMs: 10_000 }], tired)

  assert.equal(early.kind === 'waiting' && early.attempt, 6)
  assert.equal(late.kind === 'waiting' && late.attempt, 1)
})

test('an ended session stops for good, and only starting again goes on', () => {
  const stopped = after([{ kind: 'refused', reason: 'session-ended' }], live)

  assert.deepEqual(after([lost, { kind: 'retry-due' }, { kind: 'opened' }], stopped), stopped)
  assert.equal(after([{ kind: 'started' }], stopped).kind, 'choosing')
})

const randomEvent: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constant<ConnectionEvent>({ kind: 'started' }),
  fc.subarray([one, two]).map((servers) => chosen(...servers)),
  fc.constant<ConnectionEvent>({ kind: 'opened' }),
  fc.constant<ConnectionEvent>({ kind: 'attached', nowMs: 0 }),
  fc.double({ min: 0, max: 0.999, noNaN: true }).map((random) => ({ ...lost, random })),
  fc.constant<ConnectionEvent>({ kind: 'draining' }),
  fc.constant<ConnectionEvent>({ kind: 'retry-due' }),
)

test('whatever happens short of an end, a few good events lead to a live link', () => {
  fc.assert(
    fc.property(fc.array(randomEvent, { maxLength: 60 }), (events) => {
      const state = after([
        { kind: 'started' },
        ...events,
        { kind: 'retry-due' },
        chosen(one),
        { kind: 'opened' },
        { kind: 'attached', nowMs: 0 },
      ])

      assert.equal(state.kind, 'live')
    }),
  )
})

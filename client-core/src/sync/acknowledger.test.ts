import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Acknowledger } from './acknowledger.ts'

function start() {
  let now = 0
  const timers: { at: number; callback: () => void }[] = []
  const sent: { upTo: string; resolve: () => void; reject: (error: Error) => void }[] = []
  let failures = 0
  const acknowledger = new Acknowledger({
    clock: {
      nowMs: () => now,
      monotonicMs: () => now,
      after(delayMs, callback) {
        const timer = { at: now + delayMs, callback }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
    },
    acknowledge: (upTo) =>
      new Promise<void>((resolve, reject) => {
        sent.push({ upTo, resolve, reject })
      }),
    onFailed: () => {
      failures += 1
    },
  })
  return {
    acknowledger,
    sent,
    failures: () => failures,
    pass(ms: number) {
      now += ms
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.callback()
      }
    },
    async answer() {
      sent.at(-1)?.resolve()
      await new Promise(setImmediate)
    },
  }
}

const cursors = (sent: readonly { upTo: string }[]) => sent.map(({ upTo }) => upTo)

test('a message after a pause is acknowledged at once', async () => {
  const { acknowledger, sent, pass, answer } = start()

  acknowledger.stored('1')
  await answer()
  pass(250)
  acknowledger.stored('2')

  assert.deepEqual(cursors(sent), ['1', '2'])
})

test('in a stream of messages one acknowledgement covers several', async () => {
  const { acknowledger, sent, pass, answer } = start()

  acknowledger.stored('1')
  await answer()
  for (const cursor of ['2', '3', '4']) {
    pass(50)
    acknowledger.stored(cursor)
  }
  assert.deepEqual(cursors(sent), ['1'])
  pass(100)

  assert.deepEqual(cursors(sent), ['1', '4'])
})

test('one acknowledgement is under way at a time, and what comes meanwhile follows', async () => {
  const { acknowledger, sent, pass, answer } = start()

  acknowledger.stored('1')
  pass(1000)
  acknowledger.stored('2')
  assert.deepEqual(cursors(sent), ['1'])
  await answer()

  assert.deepEqual(cursors(sent), ['1', '2'])
})

test('a flush does not wait for the time, but for the answer', async () => {
  const { acknowledger, sent, answer } = start()
  acknowledger.stored('1')
  await answer()
  acknowledger.stored('2')
  let isFlushed = false

  const flushed = acknowledger.flush().then(() => {
    isFlushed = true
  })
  await new Promise(setImmediate)
  assert.deepEqual(cursors(sent), ['1', '2'])
  assert.equal(isFlushed, false)
  await answer()
  await flushed
})

test('nothing is sent twice, and nothing after it was closed', async () => {
  const { acknowledger, sent, pass, answer } = start()
  acknowledger.stored('1')
  await answer()

  await acknowledger.flush()
  acknowledger.stored('2')
  acknowledger.close()
  pass(1000)
  await acknowledger.flush()

  assert.deepEqual(cursors(sent), ['1'])
})

test('a failure is told once', async () => {
  const { acknowledger, sent, failures } = start()
  acknowledger.stored('1')

  sent[0]?.reject(new Error('gone'))
  await new Promise(setImmediate)

  assert.equal(failures(), 1)
})

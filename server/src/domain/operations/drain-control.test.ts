import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../../observability/log.ts'
import { createDrainControl } from './drain-control.ts'

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A server whose clients leave when the test says so. */
function setUp() {
  const did: string[] = []
  let clientsAreGone = () => {}
  const control = createDrainControl(
    {
      announce: async () => void did.push('announce'),
      tellClients: () => void did.push('tell'),
      stopAccepting: () => void did.push('shut'),
      countSockets: () => 3,
      sendAway: ({ signal }) =>
        new Promise((resolve) => {
          did.push('send away')
          clientsAreGone = resolve
          signal?.addEventListener('abort', () => resolve())
        }),
      resume: async () => void did.push('resume'),
    },
    quiet,
  )
  return { control, did, clientsLeave: () => clientsAreGone() }
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

test('an order is obeyed once, however often it is heard', async () => {
  const { control, did } = setUp()

  for (let heartbeat = 0; heartbeat < 5; heartbeat += 1) {
    control.obey({ drain: true })
    await turn()
  }

  assert.deepEqual(did, ['announce', 'shut', 'tell', 'send away'])
})

test('a server that is not drained has nothing to resume', async () => {
  const { control, did } = setUp()

  control.obey({ drain: false })
  await turn()

  assert.deepEqual(did, [])
})

test('resumed when it is empty, and drained again', async () => {
  const { control, did, clientsLeave } = setUp()

  control.obey({ drain: true })
  await turn()
  clientsLeave()
  await turn()
  control.obey({ drain: false })
  await turn()
  control.obey({ drain: true })
  await turn()

  assert.deepEqual(did.slice(4), ['resume', 'announce', 'shut', 'tell', 'send away'])
})

test('resumed in the middle, it lets those stay who are still there', async () => {
  const { control, did } = setUp()

  control.obey({ drain: true })
  await turn()
  control.obey({ drain: false })
  await turn()

  assert.deepEqual(did.at(-1), 'resume')
})

test('a process that is being stopped obeys nobody any more', async () => {
  const { control, did } = setUp()

  control.obey({ drain: true })
  await turn()
  control.stop()
  control.obey({ drain: false })
  await turn()

  assert.ok(!did.includes('resume'))
})

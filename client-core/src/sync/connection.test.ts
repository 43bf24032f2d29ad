import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ChatApi, ChatOperations, ConnectOptions, Link, LinkClosed } from '../api/chat-api.ts'
import { ChatError, networkError } from '../errors.ts'
import { fakeClock, seededRandom } from '../testing/fake-clock.ts'
import { Connection } from './connection.ts'

const servers = ['1', '2', '3'].map((id) => ({ id, url: `http://${id}` }))

/** Servers that only open and close, and count how many links are open. */
class Doors implements Pick<ChatApi, 'connect'> {
  readonly open = new Map<Link, ConnectOptions['onClosed']>()
  readonly asked: string[] = []
  mostAtOnce = 0
  /** How many of the next connections fail. */
  failures = 0

  async connect({ url, onClosed }: ConnectOptions): Promise<Link> {
    this.asked.push(url)
    if (this.failures > 0) {
      this.failures -= 1
      throw networkError()
    }
    const link: Link = {
      hello: { serverId: '1' },
      operations: {} as ChatOperations,
      watchInbox: () => undefined,
      close: () => this.end(link, { kind: 'lost' }),
    }
    this.open.set(link, onClosed)
    this.mostAtOnce = Math.max(this.mostAtOnce, this.open.size)
    return link
  }

  end(link: Link, reason: LinkClosed): void {
    const onClosed = this.open.get(link)
    this.open.delete(link)
    onClosed?.(reason)
  }

  endAll(reason: LinkClosed): void {
    for (const link of [...this.open.keys()]) this.end(link, reason)
  }
}

function setUp({ attach = async () => 'attachment' }: { attach?: () => Promise<string> } = {}) {
  const clock = fakeClock()
  const doors = new Doors()
  const lives: string[] = []
  const connection = new Connection<string>({
    api: doors,
    clock,
    random: seededRandom(7),
    token: () => 'token',
    chooseServers: async () => servers,
    attach,
    onLive: (_link, attachment) => lives.push(attachment),
    onState: () => undefined,
  })
  return { clock, doors, lives, connection }
}

test('it becomes live at the best server and tells so once', async () => {
  const { clock, doors, lives, connection } = setUp()

  connection.start()
  await clock.advance(0)

  assert.equal(connection.state.kind, 'live')
  assert.deepEqual(doors.asked, ['http://1'])
  assert.deepEqual(lives, ['attachment'])
})

test('a lost link comes back by itself', async () => {
  const { clock, doors, connection } = setUp()
  connection.start()
  await clock.advance(0)

  doors.endAll({ kind: 'lost' })
  assert.equal(connection.state.kind, 'waiting')
  await clock.advance(1_000)

  assert.equal(connection.state.kind, 'live')
  assert.equal(doors.open.size, 1)
})

test('a session that ended elsewhere is not tried again', async () => {
  const { clock, doors, connection } = setUp()
  connection.start()
  await clock.advance(0)

  doors.endAll({ kind: 'session-ended' })
  await clock.advance(60_000)

  assert.deepEqual(connection.state, { kind: 'stopped', reason: 'session-ended' })
  assert.equal(doors.asked.length, 1)
})

test('a client that another one replaced stops, until it is started again', async () => {
  const { clock, doors, connection } = setUp()
  connection.start()
  await clock.advance(0)

  doors.endAll({ kind: 'replaced' })
  await clock.advance(60_000)
  assert.deepEqual(connection.state, { kind: 'stopped', reason: 'replaced' })
  connection.start()
  await clock.advance(0)

  assert.equal(connection.state.kind, 'live')
})

test('a proof that is refused is tried again with the challenge of another server', async () => {
  const answers = [new ChatError('FORBIDDEN', 'The challenge is old.')]
  const attach = async () => {
    const refusal = answers.shift()
    if (refusal !== undefined) throw refusal
    return 'attachment'
  }
  const { clock, doors, connection } = setUp({ attach })

  connection.start()
  await clock.advance(0)

  assert.equal(connection.state.kind, 'live')
  assert.deepEqual(doors.asked, ['http://1', 'http://2'])
})

test('a session that is unknown when the mailbox is attached has ended', async () => {
  const attach = async () => {
    throw new ChatError('UNAUTHENTICATED', 'Sign in.')
  }
  const { clock, connection } = setUp({ attach })

  connection.start()
  await clock.advance(0)

  assert.deepEqual(connection.state, { kind: 'stopped', reason: 'session-ended' })
})

test('closed while a socket comes up, it leaves none open', async () => {
  const { clock, doors, connection } = setUp()

  connection.start()
  connection.close()
  await clock.advance(1_000)

  assert.equal(connection.state.kind, 'idle')
  assert.equal(doors.open.size, 0)
})

type Step = 'lose' | 'drain' | 'start' | 'fail-next' | 'wait'
const steps = fc.array(fc.constantFrom<Step>('lose', 'drain', 'start', 'fail-next', 'wait'), {
  maxLength: 30,
})

test('whatever fails, there are never two links and it always comes back', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { clock, doors, connection } = setUp()
      connection.start()
      for (const step of plan) {
        if (step === 'lose') doors.endAll({ kind: 'lost' })
        if (step === 'drain') connection.drain()
        if (step === 'start') connection.start()
        if (step === 'fail-next') doors.failures += 1
        await clock.advance(step === 'wait' ? 700 : 0)
      }
      doors.failures = 0
      await clock.advance(30_000)

      assert.equal(connection.state.kind, 'live')
      assert.equal(doors.open.size, 1)
      assert.equal(doors.mostAtOnce, 1)
    }),
    { numRuns: 40 },
  )
})

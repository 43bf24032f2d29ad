import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { run } from '../cli.ts'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import type { OperationsAnswer } from './operations-answer.ts'

const token = 'fc_operator_of_olga_who_may_look'
const operations: OperationsAnswer = {
  at: '2026-11-22T18:01:00.000Z',
  verdict: {
    state: 'DEGRADED',
    sentence: 'One of two servers healthy. Server 2 is slow: ping p99 180 ms.',
  },
  servers: [1, 2].map((id) => ({
    id,
    url: `http://127.0.0.1:${id}`,
    condition: id === 1 ? 'UP' : 'SLOW',
    ...{ pingP50Ms: 3.14, pingP99Ms: id === 1 ? 9 : 180.4, pickShare: id === 1 ? 0.99 : 0.01 },
    ...{ sockets: 412, loopDelayP99Ms: 2, pool: { used: 4, max: 20 } },
    ...{ memoryBytes: 96_000_000, cpuShare: 0.03 },
  })),
  totals: {
    ...{ sendsPerSecond: 184.2, deliveriesPerSecond: 181, expiredPerMinute: 4 },
    errorShare: 0.002,
  },
  waiting: {
    ...{ messages: 63, bytes: 212_000, oldestMs: 107_000, limitMs: 120_000 },
    ages: Array.from({ length: 10 }, (_, index) => ({ fromMs: index * 12_000, messages: index })),
    recipients: [{ recipient: 'Yk3\u001b[2J', messages: 31, bytes: 212_000, oldestMs: 107_000 }],
  },
  outcomes: { atOnce: 10_824, fromStore: 1056, expired: 4 },
  alerts: [{ title: 'Server 2 is slower than the others.', advice: 'Drain it if this lasts.' }],
}

let url: string
let answer: (body: string, authorization: string | undefined) => object
const server = createServer((request, response) => void reply(request, response))

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answer(body, request.headers.authorization)))
}

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())

const asOlga = (body: string, authorization: string | undefined) => {
  assert.match(body, /query Top/)
  return authorization === `Bearer ${token}`
    ? { data: { operations } }
    : { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }
}

function terminal(options: { isTTY?: boolean; env?: Record<string, string> } = {}) {
  return new FakeTerminal({
    ...{ isTTY: options.isTTY ?? false, columns: 120, rows: 40 },
    env: { FASTCHAT_SERVER: url, NO_COLOR: '1', FASTCHAT_OPERATOR_TOKEN: token, ...options.env },
  })
}

test('top shows the verdict, the numbers, the servers and what waits, and nothing a server slipped in', async () => {
  answer = asOlga
  const piped = terminal()

  const code = await run(['top', '--count', '1'], piped)

  assert.equal(code, 0, piped.written.talk)
  const shown = piped.written.output
  assert.match(shown, /^One of two servers healthy. Server 2 is slow: ping p99 180 ms.\n! Server 2/)
  assert.match(shown, /184 sent\/s +181 delivered\/s +63 waiting, the oldest 1:47 of 2:00/)
  assert.match(shown, /^ +1 +● up +3.1 ms +9 ms +99 % +412 +2 ms +4\/20 +96.0 MB +3 %$/m)
  assert.match(shown, /! slow/)
  assert.match(shown, /^from 1:48 +█{30} 9$/m)
  assert.ok(!shown.includes('\u001b'))
})

test('top --json prints what was answered, one look a line, until Ctrl+C', async () => {
  answer = asOlga
  const piped = terminal()

  const ended = run(['top', '--json'], piped)
  await untilWritten(piped, 1)
  piped.clock.pass(1000)
  await untilWritten(piped, 2)
  piped.interrupt()

  assert.equal(await ended, 130)
  for (const line of piped.written.output.trim().split('\n'))
    assert.deepEqual(JSON.parse(line), operations)
})

test('on a terminal top has a page of its own and gives the first one back', async () => {
  answer = asOlga
  const tty = terminal({ isTTY: true })

  const code = await run(['top', '--count', '1'], tty)

  assert.equal(code, 0, tty.written.talk)
  assert.ok(tty.written.output.startsWith('\u001b[?1049h'))
  assert.ok(tty.written.output.endsWith('\u001b[?1049l'))
})

test('without a token, or with one that has ended, top says how to get one and shows nothing', async () => {
  answer = asOlga
  const without = terminal({ env: { FASTCHAT_OPERATOR_TOKEN: '' } })
  const ended = terminal({ env: { FASTCHAT_OPERATOR_TOKEN: 'fc_operator_ended' } })

  assert.equal(await run(['top'], without), 2)
  assert.equal(await run(['top'], ended), 6)
  for (const one of [without, ended]) {
    assert.match(one.written.talk, /fastchat operator <name>/)
    assert.equal(one.written.output, '')
  }
})

test('servers shows an operator the table of the operations', async () => {
  answer = asOlga
  const [table, json] = [terminal(), terminal()]

  assert.equal(await run(['servers'], table), 0)
  assert.equal(await run(['servers', '--json'], json), 0)

  assert.match(table.written.output, /^server +state +ping p50/)
  assert.deepEqual(
    json.written.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    operations.servers,
  )
})

test('operator prints the token and nothing else; a wrong password is told and too many tries have a code', async () => {
  const asked: string[] = []
  const results = [
    { token },
    { code: 'WRONG_PASSWORD', message: 'The name or the password is wrong.' },
    { code: 'TOO_MANY_ATTEMPTS', message: 'Too many wrong passwords.', retryAfterMs: 30_000 },
  ]
  answer = (body) => {
    asked.push(body)
    return { data: { signInOperator: results[asked.length - 1] } }
  }
  const terminals = [terminal(), terminal(), terminal()]

  const codes: number[] = []
  for (const one of terminals) {
    one.input.end('the password of olga\n')
    codes.push(await run(['operator', 'olga'], one))
  }

  assert.deepEqual(codes, [0, 1, 5])
  assert.equal(terminals[0]?.written.output, `${token}\n`)
  assert.equal(terminals[1]?.written.output, '')
  assert.match(terminals[2]?.written.talk ?? '', /Try again in 30 s/)
  assert.deepEqual(JSON.parse(asked[0] ?? '').variables.input, {
    ...{ name: 'olga', password: 'the password of olga' },
  })
})

test('nobody there has a code of its own', async () => {
  const nobody = terminal({ env: { FASTCHAT_SERVER: 'http://127.0.0.1:9' } })

  assert.equal(await run(['top'], nobody), 3)
})

async function untilWritten(one: FakeTerminal, lines: number): Promise<void> {
  while (one.written.output.split('\n').length <= lines) await new Promise(setImmediate)
}

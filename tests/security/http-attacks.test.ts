import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCodes } from '../../server/src/domain/errors.ts'
import { limits } from '../../server/src/domain/limits.ts'
import { type Answer, ask, query } from './support/ask.ts'
import { type Attack, attacks, repeat } from './support/http-attack-table.ts'
import { secretOfTheResolver } from './support/small-schema.ts'
import { startOurs, startTwin, type Target } from './support/target.ts'

function held(answer: Answer, attack: Attack): boolean {
  return (
    answer.status === attack.status && (attack.code === undefined || answer.code === attack.code)
  )
}

test('over HTTP every attack is refused with its code, nothing runs, and the twin falls for it', async (t) => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  for (const attack of attacks)
    await t.test(attack.name, async () => {
      const answer = await ask(ours.url, attack.question)
      const twins = await ask(twin.url, attack.question)

      assert(held(answer, attack), `${answer.status} ${answer.text.slice(0, 300)}`)
      assert.equal(answer.headers.get('access-control-allow-origin'), null)
      assert(answer.errors.length <= 1, 'one error is enough')
      assert.equal(ours.small.bumps(), 0, 'the mutation ran')
      if (attack.twinHolds !== true)
        assert(
          twins.status === 200 || twins.status === 204,
          `the twin answered ${twins.status}: this attack shows nothing`,
        )
    })
})

test('a refused document costs less than 50 ms', async () => {
  await using ours = await startOurs()
  const attack = query(`{ ${repeat(1000, (i) => `a${i}: hello`)} }`)
  await ask(ours.url, attack)

  const began = performance.now()
  for (let time = 0; time < 10; time += 1) await ask(ours.url, attack)

  assert((performance.now() - began) / 10 < 50)
})

test('G09 a word list finds no name that was not known: no suggestions, in documents or variables', async () => {
  await using ours = await startOurs()
  await using twin = await startTwin()
  const guesses = ['helo', 'itm', 'eco', 'falt', 'latr', 'nevr'].map((word) => query(`{ ${word} }`))
  const read = async (target: Target) =>
    (await Promise.all(guesses.map((guess) => ask(target.url, guess))))
      .map(({ text }) => text)
      .join()

  assert.doesNotMatch(await read(ours), /did you mean|hello|later|never|item/i)
  assert.match(await read(twin), /did you mean/i)
})

test('G13 what a resolver throws is neither shown nor logged; an incident id leads from one to the other', async () => {
  await using ours = await startOurs()

  const { status, text, errors } = await ask(ours.url, query('{ fault }'))
  const extensions = errors[0]?.extensions as { code: string; incidentId: string }

  assert.equal(status, 200)
  assert.equal(extensions.code, 'INTERNAL')
  assert(!text.includes('hunter2') && !ours.log.join().includes(secretOfTheResolver))
  assert(ours.log.some((line) => line.includes(extensions.incidentId)))
})

test('G14 every malformed request is answered with one error whose code is on the list', async () => {
  await using ours = await startOurs()
  const bodies = [
    '',
    ' ',
    '{',
    '[]',
    'null',
    '1',
    '"x"',
    '{}',
    '{"query":1}',
    '{"query":null}',
    '{"query":""}',
    '{"query":"{"}',
    '{"query":"{ hello"}',
    '{"query":"}"}',
    '{"query":"query"}',
    '{"query":"fragment A on Query { hello }"}',
    '{"query":"{ hello }","variables":1}',
    '{"query":"{ hello }","variables":[]}',
    '{"query":"{ hello }","variables":"x"}',
    '{"query":"{ hello }","operationName":"X"}',
    '{"query":"{ hello }","operationName":1}',
    '{"query":"type A { b: Int }"}',
    '{"query":"\\u0000"}',
    '{"query":"{ echo(number: 1e309) }"}',
    '{"query":"{ \\ud800 }"}',
    '{"query":"subscription { silence count(to: 1) }"}',
  ]

  for (const body of bodies) {
    const { status, errors, text } = await ask(ours.url, { body })
    assert(status >= 400 && status < 500, `${body} was answered with ${status} ${text}`)
    assert.equal(errors.length, 1, `${body} → ${text}`)
    assert(
      (errorCodes as readonly string[]).includes(errors[0]?.extensions?.code ?? ''),
      `${body} → ${text}`,
    )
  }
})

test('G15 a body without a length is read up to the limit and no further', async () => {
  await using ours = await startOurs()
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536
      controller.enqueue(new Uint8Array(65_536).fill(0x20))
    },
  })

  const outcome = await ask(ours.url, { body: endless }).then(
    ({ status }) => status,
    () => 'cut off',
  )

  assert(outcome === 413 || outcome === 'cut off', String(outcome))
  // What the kernel buffers on both sides comes on top of the limit.
  assert(sent < limits.requestBytes + 16 * 1024 * 1024, `${sent} bytes were taken`)
})

test('G16 a browser that asks first is told yes for a page on the list, and nothing for any other', async () => {
  await using ours = await startOurs()
  const preflight = (origin: string) =>
    ask(ours.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })

  const [good, evil] = [
    await preflight('https://chat.example'),
    await preflight('https://evil.example'),
  ]

  assert.equal(good.status, 204)
  assert.equal(good.headers.get('access-control-allow-origin'), 'https://chat.example')
  assert.equal(good.headers.get('access-control-allow-credentials'), null)
  assert.equal(evil.status, 403)
  assert.equal(evil.headers.get('access-control-allow-origin'), null)
})

test('G18 keys of the prototype in variables pollute nothing', async () => {
  await using ours = await startOurs()
  const body =
    '{"query":"{ hello }","variables":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}'

  await ask(ours.url, { body })

  assert.equal(({} as { polluted?: number }).polluted, undefined)
})

test('every answer carries the headers that keep a browser from doing anything with it', async () => {
  await using ours = await startOurs()

  for (const question of [
    query('{ hello }'),
    { method: 'GET', path: '/health' },
    { method: 'GET', path: '/nothing' },
    query('{ fault }'),
  ]) {
    const { headers } = await ask(ours.url, question)
    assert.match(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'/,
    )
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('cache-control'), 'no-store')
  }
})

test('subscriptions work as server-sent events and end when the reader goes away', async () => {
  await using ours = await startOurs()
  const start = (text: string, signal?: AbortSignal) =>
    fetch(`${ours.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: text }),
      signal: signal ?? null,
    })
  const reader = new AbortController()

  const counted = await (await start('subscription { count(to: 3) }')).text()
  const silent = await start('subscription { silence }', reader.signal)
  const open = ours.small.listeners()
  reader.abort()
  await silent.text().catch(() => {})
  const deadline = Date.now() + 5000
  while (ours.small.listeners() > 0 && Date.now() < deadline) await new Promise(setImmediate)

  assert.match(counted, /"count":1.*"count":2.*"count":3/s)
  assert.equal(open, 1)
  assert.equal(ours.small.listeners(), 0)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { errorCodes } from '../../server/src/domain/errors.ts'
import { limits } from '../../server/src/domain/limits.ts'
import { type Answer, ask, type Question, query } from './support/ask.ts'
import { secretOfTheResolver } from './support/small-schema.ts'
import { startOurs, startTwin, type Target } from './support/target.ts'

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const nest = (depth: number): string => (depth === 0 ? 'name' : `next { ${nest(depth - 1)} }`)

interface Attack {
  readonly name: string
  readonly question: Question
  readonly status: number
  readonly code?: string
  /** True for what the libraries refuse by themselves: then the twin shows nothing. */
  readonly twinHolds?: boolean
}

/** The identifiers are those of the table of attacks that the server is built against. */
const attacks: readonly Attack[] = [
  {
    name: 'G01 a field under 101 aliases',
    question: query(`{ ${repeat(101, (i) => `a${i}: hello`)} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G01 a field under 1,000 aliases',
    question: query(`{ ${repeat(1000, (i) => `a${i}: hello`)} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G01 nine aliases hidden in a fragment',
    question: query(`{ ...F } fragment F on Query { ${repeat(9, (i) => `a${i}: hello`)} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G02 ten requests in one array',
    question: { body: JSON.stringify(Array(10).fill({ query: 'mutation { bump }' })) },
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G03 a query by GET',
    question: { method: 'GET', path: '/graphql?query=%7Bhello%7D' },
    status: 405,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G03 a mutation by GET',
    question: { method: 'GET', path: '/graphql?query=mutation%7Bbump%7D' },
    status: 405,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G04 a mutation as a form',
    question: {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query=mutation%7Bbump%7D',
    },
    status: 415,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G04 a mutation as application/graphql',
    question: { headers: { 'content-type': 'application/graphql' }, body: 'mutation { bump }' },
    status: 415,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G04 a mutation as multipart',
    question: {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"mutation{bump}"}\r\n--x\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n',
    },
    status: 415,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G05 a mutation as text/plain',
    question: { headers: { 'content-type': 'text/plain' }, body: '{"query":"mutation{bump}"}' },
    status: 415,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G05 a type that only begins like JSON',
    question: {
      headers: { 'content-type': 'application/jsonp' },
      body: '{"query":"mutation{bump}"}',
    },
    status: 415,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G06 introspection',
    question: query('{ __schema { types { name fields { name } } } }'),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G06 introspection of one type, in a fragment',
    question: query('{ ...F } fragment F on Query { __type(name: "Query") { fields { name } } }'),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G07 a page to try things on',
    question: { method: 'GET', headers: { accept: 'text/html' } },
    status: 405,
  },
  {
    name: 'G10 200 fields deep',
    question: query(`{ item { ${nest(200)} } }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G10 20 deep through fragments',
    question: query(
      `{ item { ...F0 } } ${repeat(20, (i) => `fragment F${i} on Item { next { ${i === 19 ? 'name' : `...F${i + 1}`} } }`)}`,
    ),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G10 fragments in a circle',
    question: query(
      '{ item { ...A } } fragment A on Item { next { ...B } } fragment B on Item { next { ...A } }',
    ),
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G10 a small text that unfolds into 2^10 fields',
    question: query(
      `{ item { ...F0 } } ${repeat(10, (i) => `fragment F${i} on Item { ${i === 9 ? 'name' : `next { ...F${i + 1} } next { ...F${i + 1} }`} }`)}`,
    ),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G11 one field 5,000 times',
    question: query(`{ ${repeat(5000, () => 'hello')} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G11 one field 101 times',
    question: query(`{ ${repeat(101, () => 'hello')} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G11 two operations in one document',
    question: {
      body: JSON.stringify({ query: 'query A { hello } mutation B { bump }', operationName: 'B' }),
    },
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G12 500 directives',
    question: query(`{ ${repeat(60, () => 'hello @include(if: true)')} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G15 a body of 2 MB',
    question: query(`{ hello } # ${'x'.repeat(2_000_000)}`),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    name: 'G15 a compressed body',
    question: { headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"query":"{hello}"}') },
    status: 415,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G16 a request of a page elsewhere',
    question: { ...query('mutation { bump }'), headers: { origin: 'https://evil.example' } },
    status: 403,
    code: 'FORBIDDEN',
  },
  {
    name: 'G16 a request of a sandboxed page',
    question: { ...query('mutation { bump }'), headers: { origin: 'null' } },
    status: 403,
    code: 'FORBIDDEN',
  },
  {
    name: 'G16 a request of a page with a name that only ends like ours',
    question: { ...query('mutation { bump }'), headers: { origin: 'https://chat.example.evil' } },
    status: 403,
    code: 'FORBIDDEN',
  },
  {
    name: 'G19 a number beyond 32 bits',
    question: query('query Q($n: Int) { echo(number: $n) }', { n: 2 ** 53 }),
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G20 a parameter that nobody asked for',
    question: { body: '{"query":"{hello}","isAdmin":true}' },
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'A08 a token that is none',
    question: { ...query('{ hello }'), headers: { authorization: 'Bearer nonsense' } },
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  {
    name: 'A08 a scheme that is not Bearer',
    question: { ...query('{ hello }'), headers: { authorization: 'Basic YWxpY2U6cGFzcw==' } },
    status: 401,
    code: 'UNAUTHENTICATED',
  },
]

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

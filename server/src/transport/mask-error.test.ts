import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GraphQLError } from 'graphql'
import { RateLimitedError, UnauthenticatedError } from '../domain/errors.ts'
import { createMaskError } from './mask-error.ts'

function setUp() {
  const lines: string[] = []
  const codes: string[] = []
  const write = (event: string, fields = {}) => lines.push(JSON.stringify({ event, ...fields }))
  const mask = createMaskError({
    log: { debug: write, info: write, warn: write, error: write },
    onError: (code) => codes.push(code),
  })
  return { mask, lines, codes }
}

const thrown = (cause: unknown) => new GraphQLError('wrapped', { cause, path: ['me', 'account'] })

test('a declined request keeps its code, its message and when to try again; it is not logged', () => {
  const { mask, lines, codes } = setUp()

  const limited = mask(thrown(new RateLimitedError(1500)))
  const anonymous = mask(thrown(new UnauthenticatedError()))

  assert.deepEqual(limited.toJSON().extensions, { code: 'RATE_LIMITED', retryAfterMs: 1500 })
  assert.deepEqual(limited.path, ['me', 'account'])
  assert.deepEqual(anonymous.toJSON().extensions, { code: 'UNAUTHENTICATED' })
  assert.deepEqual(lines, [])
  assert.deepEqual(codes, ['RATE_LIMITED', 'UNAUTHENTICATED'])
})

test('a database that is away is told as such, with when to try again', () => {
  for (const cause of [
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    new Error('Connection terminated unexpectedly'),
    new Error('outer', { cause: Object.assign(new Error('inner'), { code: '08006' }) }),
  ]) {
    const { mask, lines } = setUp()
    assert.deepEqual(mask(thrown(cause)).toJSON().extensions, {
      code: 'SERVICE_UNAVAILABLE',
      retryAfterMs: 1000,
    })
    assert.equal(lines.length, 1)
  }
})

test('anything else becomes an incident: its text goes nowhere', () => {
  for (const cause of [new Error('hunter2'), new TypeError('hunter2'), 'hunter2', { hunter2: 1 }]) {
    const { mask, lines } = setUp()

    const masked = mask(thrown(cause))

    assert.equal(masked.extensions.code, 'INTERNAL')
    assert.equal(masked.cause, undefined)
    assert.doesNotMatch(JSON.stringify(masked) + lines.join(), /hunter2/)
    assert.match(lines[0] ?? '', new RegExp(String(masked.extensions.incidentId)))
  }
})

test('a code that is not on the list does not leave the server', () => {
  const { mask } = setUp()

  const masked = mask(
    new GraphQLError('no', { extensions: { code: 'GRAPHQL_PARSE_FAILED', detail: 1 } }),
  )

  assert.deepEqual(masked.toJSON().extensions, { code: 'BAD_USER_INPUT' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChatError, chatErrorCodes } from '@fastchat/client-core'
import { describeFailure } from './describe-failure.ts'
import { exitCode } from './exit-codes.ts'
import { Failure } from './failure.ts'

test('every problem of the client has an exit code of the table', () => {
  for (const code of chatErrorCodes) {
    const { exit, message } = describeFailure(new ChatError(code, 'Why.'))
    assert.ok(exitCode(exit) > 0, code)
    assert.match(message, /^Why\./)
  }
})

test('a script can tell the problems apart that it can do something about', () => {
  const codes = (['NETWORK', 'KEY_CHANGED', 'RATE_LIMITED', 'NOT_SIGNED_IN'] as const).map((code) =>
    exitCode(describeFailure(new ChatError(code, '')).exit),
  )

  assert.deepEqual(codes, [3, 4, 5, 6])
})

test('the time to wait and the incident are said', () => {
  const limited = new ChatError('RATE_LIMITED', 'Too fast.', { retryAfterMs: 12_000 })
  const defect = new ChatError('INTERNAL', 'Unexpected error.', { incidentId: 'abc' })

  assert.equal(describeFailure(limited).message, 'Too fast. Try again in 12 s.')
  assert.match(describeFailure(defect).message, /abc/)
})

test('what nobody thought of still ends with words and a code', () => {
  assert.equal(describeFailure(new Error('disk full')).exit, 'failed')
  assert.equal(describeFailure('a string').exit, 'failed')
  assert.deepEqual(describeFailure(new Failure('usage', 'How?')), {
    exit: 'usage',
    message: 'How?',
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { SecretBytes } from './secret-bytes.ts'

test('a secret shows itself in no print, text or JSON', () => {
  const secret = new SecretBytes(Uint8Array.of(201, 202, 203))

  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect({ secret })]) {
    assert.match(shown, /\[secret\]/)
    assert.doesNotMatch(shown, /201|c9/)
  }
})

test('a wiped secret is gone', () => {
  const secret = new SecretBytes(Uint8Array.of(201, 202, 203))

  secret.wipe()

  assert.deepEqual(secret.expose(Array.from), [0, 0, 0])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../testing/vectors/people.ts'
import { utf8 } from './bytes.ts'
import {
  type SignatureContext,
  signatureContexts,
  signInContext,
  verifyInContext,
} from './context-signature.ts'

const [{ signingKey, keys }] = (await person('alice')).devices
const contexts = Object.keys(signatureContexts) as SignatureContext[]

test('T12: no label is the beginning of another', () => {
  const labels = Object.values(signatureContexts)
  for (const label of labels) {
    assert.deepEqual(
      labels.filter((other) => other.startsWith(label)),
      [label],
    )
  }
})

test('T12: a signature for one purpose holds for no other', async () => {
  for (const signed of contexts) {
    const signature = await signInContext(signed, keys.privateKeys.signing, utf8('same bytes'))
    for (const asked of contexts) {
      assert.equal(
        await verifyInContext(asked, signingKey, signature, utf8('same bytes')),
        asked === signed,
      )
    }
  }
})

test('a key or signature of another length is refused and not an exception', async () => {
  const signature = await signInContext('message', keys.privateKeys.signing)

  assert.equal(await verifyInContext('message', signingKey, signature.slice(1)), false)
  assert.equal(await verifyInContext('message', signingKey.slice(1), signature), false)
})

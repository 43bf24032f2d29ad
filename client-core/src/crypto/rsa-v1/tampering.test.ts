import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Bytes } from '../../brands.ts'
import { openRequest, person, sealRequest } from '../../testing/vectors/people.ts'
import { concat } from '../bytes.ts'
import { directConversation } from '../conversation.ts'
import { UndecryptableError } from '../message-protocol.ts'
import { rsaV1 } from './rsa-v1.ts'

const [alice, bob] = await Promise.all([person('alice'), person('bob')])
const conversation = directConversation(alice.username, bob.username)
const sealed = await rsaV1.seal(sealRequest(alice, [bob], { conversation }))
const honest = openRequest(sealed, bob, [alice, bob])
const { message: refusal } = new UndecryptableError()

async function refuses(changed: { envelope?: Bytes; wrap?: Bytes }): Promise<void> {
  await assert.rejects(rsaV1.open({ ...honest, ...changed }), (error: unknown) => {
    assert.ok(error instanceof UndecryptableError)
    assert.equal(error.message, refusal)
    return true
  })
}

function flip(bytes: Bytes, index: number, mask: number): Bytes {
  const bent = new Uint8Array(bytes)
  bent[index] = (bent[index] ?? 0) ^ mask
  return bent
}

test('the untouched message opens', async () => {
  assert.equal((await rsaV1.open(honest)).senderUser, 'alice')
})

test('T14: an envelope with any one byte changed gives the same error', async () => {
  for (const index of honest.envelope.keys()) {
    await refuses({ envelope: flip(honest.envelope, index, 1 + (index % 255)) })
  }
})

test('T17: a wrap with any one byte changed gives the same error', async () => {
  const change = fc.tuple(fc.nat(honest.wrap.length - 1), fc.integer({ min: 1, max: 255 }))

  await fc.assert(
    fc.asyncProperty(change, ([index, mask]) => refuses({ wrap: flip(honest.wrap, index, mask) })),
  )
})

test('an envelope cut short or with bytes after its end gives the same error', async () => {
  const tail = fc.uint8Array({ minLength: 1, maxLength: 64 })

  await fc.assert(
    fc.asyncProperty(fc.nat(honest.envelope.length - 1), tail, async (length, extra) => {
      await refuses({ envelope: honest.envelope.slice(0, length) })
      await refuses({ envelope: concat(honest.envelope, extra) })
    }),
  )
})

test('arbitrary bytes in the place of envelope and wrap give the same error', async () => {
  const anything = fc.uint8Array({ maxLength: 2048 })

  await fc.assert(
    fc.asyncProperty(anything, anything, (envelope, wrap) =>
      refuses({ envelope: concat(envelope), wrap: concat(wrap) }),
    ),
  )
})

test('the wrap of one device does not open on another device of the same person', async () => {
  const [first, second] = sealed.wraps
  assert.ok(first && second)
  const other = honest.me.deviceId === first.deviceId ? second : first

  await refuses({ wrap: other.wrap })
})

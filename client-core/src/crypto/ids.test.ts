import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDeviceId, createMessageId, isDeviceId, isMessageId } from './ids.ts'

test('new ids have their one form', () => {
  assert.ok(isDeviceId(createDeviceId()))
  assert.ok(isMessageId(createMessageId(Date.UTC(2026, 10, 22), null)))
})

test('a message id begins with its time', () => {
  // RFC 9562 appendix A.6.
  assert.match(createMessageId(0x017f22e279b0, null), /^017f22e2-79b0-7/)
})

test('ids of one device ascend within a millisecond and when its clock goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 45), { minLength: 2 }), (clock) => {
      let previous: string | null = null
      for (const nowMs of clock) {
        const id: string = createMessageId(nowMs, previous)
        assert.ok(isMessageId(id) && (previous === null || previous < id))
        previous = id
      }
    }),
  )
})

test('ids of two devices in one millisecond differ', () => {
  assert.notEqual(createMessageId(1000, null), createMessageId(1000, null))
})

test('upper case and other versions are refused', () => {
  assert.equal(isDeviceId('6F9619FF-8B86-4011-B42D-00C04FC964FF'), false)
  assert.equal(isMessageId('6f9619ff-8b86-4011-b42d-00c04fc964ff'), false)
  assert.equal(isMessageId('019d0000-0000-7000-8000-000000000001\n'), false)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutcomeWatch } from './outcome-watch.ts'

function watchTogether() {
  const told: string[] = []
  const clock = { now: 0 }
  const watch = createOutcomeWatch({
    now: () => clock.now,
    messages: {
      findOutcomes: async (asked) =>
        asked.map((reference) => ({
          ...reference,
          expiresAt: new Date(120_000),
          deliveries: [{ deviceId: 'bobs', state: 'DELIVERED' as const }],
        })),
    },
    tell: (sender, message, device, state) => told.push(`${sender} ${message} ${device} ${state}`),
  })
  const add = (messageId: string) => watch.add('alices', messageId, ['bobs'], new Date(120_000))
  return { watch, told, clock, add }
}

test('what was sent while the feed was still opening is watched', async () => {
  const { watch, told, clock, add } = watchTogether()

  watch.begin('alices')
  add('first')
  clock.now = 2000
  await watch.check()

  assert.deepEqual(told, ['alices first bobs DELIVERED'])
})

test('for a device without a feed nothing is kept', async () => {
  const { watch, told, clock, add } = watchTogether()

  add('first')
  clock.now = 2000
  await watch.check()

  assert.deepEqual(told, [])
})

test('a feed that takes the place of another keeps what is watched, and the last one to end takes it along', async () => {
  const { watch, told, clock, add } = watchTogether()

  watch.begin('alices')
  watch.begin('alices')
  add('first')
  watch.end('alices')
  clock.now = 2000
  await watch.check()
  assert.equal(told.length, 1)
  watch.end('alices')
  await watch.check()

  assert.equal(told.length, 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runExpiry } from '../support/expiry-run.ts'

const skip =
  process.env.FASTCHAT_FULL_TTL === '1'
    ? false
    : 'takes over two minutes; FASTCHAT_FULL_TTL=1 runs it'

test('the same with the lifetime that people have: 120 seconds', { skip }, async (t) => {
  const { toldAfterMs, emptyAfterMs } = await runExpiry(120)

  t.diagnostic(`the sender was told ${toldAfterMs} ms after the lifetime had ended`)
  t.diagnostic(`the tables were empty ${emptyAfterMs} ms after the lifetime had ended`)
  // Told within the grace and five seconds; the slot of the ring dies with the last quarter it stands for.
  assert.ok(toldAfterMs < 10_000)
  assert.ok(emptyAfterMs < 60_000)
})

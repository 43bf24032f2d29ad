import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { exampleBelow, run, untilThere } from '../support/manual-example.ts'
import { hears, signedUp } from '../support/people.ts'

test('the echo bot of the manual has at most fifteen lines, and echoes', async (context) => {
  await using cluster = await startCluster({ servers: 2 })
  const program = await exampleBelow('docs/bots.md', 'An echo bot')
  assert.ok(program.split('\n').filter((line) => line.trim() !== '').length <= 15)

  run(context, program, { FASTCHAT_URL: cluster.url, BOT_PASSWORD: 'a long one' })
  await using alice = await signedUp(cluster.url, 'alice')
  await untilThere(alice, 'echo-bot')
  const heard = hears(alice, 2)
  await alice.send('echo-bot', { text: 'Is there an echo?' })
  await alice.send('echo-bot', { text: 'There is.' })

  assert.deepEqual(await heard, ['Is there an echo?', 'There is.'])
})

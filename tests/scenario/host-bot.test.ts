import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { exampleBelow, run, untilThere } from '../support/manual-example.ts'
import { nextEvent, signedUp } from '../support/people.ts'

test('the bot of the manual that lives in groups welcomes people and says who is there', async (context) => {
  await using cluster = await startCluster({ servers: 2 })
  const program = await exampleBelow('docs/bots.md', 'A bot in a group')
  run(context, program, { FASTCHAT_URL: cluster.url, BOT_PASSWORD: 'a long one' })
  await using alice = await signedUp(cluster.url, 'alice')
  await using bob = await signedUp(cluster.url, 'bob')
  await untilThere(alice, 'host-bot')

  const welcome = heard(bob, 'Welcome to Reading, bob.')
  const group = await alice.groups.create({ name: 'Reading', members: ['host-bot'] })
  await alice.groups.add(group.id, ['bob'])
  await welcome
  const answer = heard(bob, 'alice (admin), bob, host-bot')
  await bob.send(group.conversation, { text: '!who' })
  await answer
})

function heard(client: Parameters<typeof nextEvent>[0], text: string) {
  return nextEvent(client, 'message', (one) => one.kind === 'text' && one.text === text, 60_000)
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChatClient, ChatMessage } from '@fastchat/client-core'
import { sendStored } from '../support/absence.ts'
import { createAccount } from '../support/account.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect, textOf } from '../support/collect.ts'
import { installationOf } from '../support/installation-of.ts'
import { createLiar } from '../support/lying-api.ts'
import { reopened } from '../support/people.ts'
import { openSql, type Sql } from '../support/sql.ts'

let cluster: Cluster
let sql: Sql
let alice: ChatClient
let carol: ChatClient

before(async () => {
  cluster = await startCluster({ servers: 1 })
  sql = await openSql(cluster.databaseUrl)
  alice = await reopened(cluster.url, await installationOf(await createAccount(sql, 'alice')))
  carol = await reopened(cluster.url, await installationOf(await createAccount(sql, 'carol')))
})
after(async () => {
  await sql[Symbol.asyncDispose]()
  await Promise.all([alice.close(), carol.close()])
  await cluster.close()
})

/** Somebody whose server is the liar, and three messages from Alice that it holds. */
async function victim(name: string) {
  const liar = createLiar()
  const installation = await installationOf(await createAccount(sql, name))
  const client = await reopened(cluster.url, { ...installation, api: liar.api })
  await client.connected()
  for (const text of ['one', 'two', 'three']) await sendStored(alice, name, text)
  const [one, two, three] = await liar.held(3)
  assert.ok(one && two && three)
  return { name, client, liar, heard: collect(client), messages: { one, two, three } }
}

/** What a person sees: the text, and what is wrong with its place. */
function shown(message: ChatMessage): string {
  const marks =
    'isLate' in message ? [message.isMissingBefore && 'gap', message.isLate && 'late'] : []
  return [textOf(message), ...marks.filter(Boolean)].join(', ')
}

test('the liar can tell the truth', async () => {
  const { client, liar, heard, messages } = await victim('bob0')

  liar.say(messages.one, messages.two, messages.three)
  await heard.until(3)

  assert.deepEqual(heard.messages.map(shown), ['one', 'two', 'three'])
  await client.close()
})

test('T11: a message that the server hands out again, at once or much later, is shown once', async () => {
  const { name, client, liar, heard, messages } = await victim('bob1')
  const { one, two, three } = messages

  liar.say(one, one, two, { ...one, cursor: two.cursor }, two, three)
  await heard.untilText('three')
  await alice.send(name, { text: 'the end' })
  liar.say(one, (await liar.held(4))[3] ?? one)
  await heard.untilText('the end')

  assert.deepEqual(heard.messages.map(shown), ['one', 'two', 'three', 'the end'])
  await client.close()
})

test('T11: a message that the server leaves out is missed at the next one', async () => {
  const { client, liar, heard, messages } = await victim('bob2')

  liar.say(messages.one, messages.three)
  await heard.until(2)

  assert.deepEqual(heard.messages.map(shown), ['one', 'three, gap'])
  await client.close()
})

test('T11: messages that the server turns round are shown as turned round', async () => {
  const { client, liar, heard, messages } = await victim('bob3')

  liar.say(messages.one, messages.three, messages.two)
  await heard.until(3)

  assert.deepEqual(heard.messages.map(shown), ['one', 'three, gap', 'two, late'])
  await client.close()
})

test('T3: nothing that a server claims about a message makes it one of somebody else', async () => {
  const { name, client, liar, heard, messages } = await victim('bob4')
  const { one, two } = messages
  await sendStored(carol, name, 'from carol')
  const [, , , carols] = await liar.held(4)
  assert.ok(carols)

  liar.say(
    { ...one, senderDeviceId: carols.senderDeviceId },
    { ...one, clientMessageId: carols.clientMessageId },
    { ...two, envelope: carols.envelope },
    { ...two, wrappedKey: carols.wrappedKey },
    carols,
  )
  await heard.untilText('from carol')

  assert.deepEqual(heard.textsFrom('carol'), ['from carol'])
  assert.deepEqual(heard.textsFrom('alice'), [])
  assert.deepEqual(heard.messages.filter(({ kind }) => kind !== 'unreadable').map(textOf), [
    'from carol',
  ])
  assert.ok(heard.messages.some(({ kind }) => kind === 'unreadable'))
  await client.close()
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { unreadableConversation } from '@fastchat/client-core'
import { parseEnvelope } from '../../client-core/src/crypto/rsa-v1/envelope.ts'
import { unwrapKey, wrapKey } from '../../client-core/src/testing/vectors/forge.ts'
import { type Account, createAccount } from '../support/account.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect, textOf } from '../support/collect.ts'
import { installationOf } from '../support/installation-of.ts'
import { openClient, reopened } from '../support/people.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import {
  addressedTo,
  type SendInput,
  sealedMessage,
  sendDocument,
} from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'

let cluster: Cluster
let sql: Sql
let alice: Account
let mallory: Account
let mallorys: RawClient
let victims = 0

before(async () => {
  cluster = await startCluster({ servers: 1 })
  sql = await openSql(cluster.databaseUrl)
  alice = await createAccount(sql, 'alice')
  mallory = await createAccount(sql, 'mallory')
  mallorys = await openRawClient(cluster.serverUrl(1), mallory.token)
})
after(async () => {
  mallorys.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

async function victim() {
  victims += 1
  const account = await createAccount(sql, `dave${victims}`)
  const installation = await installationOf(account)
  return { account, installation }
}

async function malloryHasSent(input: SendInput): Promise<void> {
  const { data } = await mallorys.ask(sendDocument, { input })
  assert.equal(data?.sendMessage.__typename, 'SendMessagePayload')
}

async function stateOf(input: SendInput): Promise<string> {
  const { data } = await mallorys.ask(
    'query ($ids: [ID!]!) { outcomes(clientMessageIds: $ids) { deliveries { state } } }',
    { ids: [input.clientMessageId] },
  )
  return data?.outcomes[0].deliveries[0].state
}

test("T21: a message that Mallory got from Alice and wraps again for Dave is not shown as Alice's", async () => {
  const { account: dave, installation } = await victim()
  const original = await sealedMessage(alice, mallory, 'for mallory alone')
  const envelope = new Uint8Array(Buffer.from(original.envelope, 'base64url'))
  const { header } = parseEnvelope(envelope)
  const wrap = new Uint8Array(Buffer.from(original.to[0]?.keys[0]?.wrappedKey ?? '', 'base64url'))
  const messageKey = await unwrapKey(deviceOf(mallory), header, wrap)
  const forwarded = await wrapKey(deviceOf(dave), header, messageKey)
  const client = await openClient(cluster.url, installation)
  const heard = collect(client)
  await client.resume()

  await malloryHasSent(addressedTo(dave, original.clientMessageId, envelope, forwarded))
  await heard.until(1)

  assert.deepEqual(heard.texts(), ['(unreadable)'])
  assert.deepEqual(heard.textsFrom('alice'), [])
  await client.close()
})

test('T23: a message that somebody else records and sends again is not shown a second time', async () => {
  const { account: dave, installation } = await victim()
  const client = await openClient(cluster.url, installation)
  const heard = collect(client)
  await client.resume()
  const original = await sealedMessage(mallory, dave, 'pay ten')

  await malloryHasSent(original)
  await heard.until(1)
  // Under its own id the server recognises it; under another it is not what it says it is.
  await malloryHasSent(original)
  await malloryHasSent({ ...original, clientMessageId: randomUUID() })
  await malloryHasSent(await sealedMessage(mallory, dave, 'the end'))
  await heard.untilText('the end')

  assert.deepEqual(heard.messages.filter(({ kind }) => kind === 'text').map(textOf), [
    'pay ten',
    'the end',
  ])
  await client.close()
})

test('T29: what cannot be read is shown before it is acknowledged, and stays shown', async () => {
  const { account: dave, installation } = await victim()
  const garbage = addressedTo(dave, randomUUID(), Buffer.from('not an envelope'), Buffer.alloc(384))
  await malloryHasSent(garbage)
  assert.equal(await stateOf(garbage), 'STORED')

  const client = await openClient(cluster.url, installation)
  const heard = collect(client)
  await client.resume()
  await heard.until(1)
  await untilTrue('it is acknowledged', async () => (await stateOf(garbage)) === 'DELIVERED')

  assert.deepEqual(heard.texts(), ['(unreadable)'])
  assert.equal((await client.history(unreadableConversation)).length, 1)
  await client.close()
  const again = await reopened(cluster.url, installation)
  assert.equal((await again.history(unreadableConversation)).length, 1)
  await again.close()
})

test('T29: what could not be stored is not acknowledged, and comes again when it can be', async () => {
  const { account: dave, installation } = await victim()
  const { storage } = installation
  const full = {
    ...installation,
    storage: {
      ...storage,
      commit: async (changes: Parameters<typeof storage.commit>[0]) => {
        if (changes.some(({ collection }) => collection === 'message')) throw new Error('disk full')
        await storage.commit(changes)
      },
    },
  }
  const client = await openClient(cluster.url, full)
  await client.resume()
  await client.connected()
  const message = await sealedMessage(mallory, dave, 'kept safe')
  await malloryHasSent(message)
  await untilTrue(
    'the client says that it cannot go on',
    () => client.connection.kind === 'stopped',
  )
  assert.equal(await stateOf(message), 'STORED')
  await client.close()

  const repaired = await openClient(cluster.url, installation)
  const heard = collect(repaired)
  await repaired.resume()
  await heard.untilText('kept safe')

  assert.deepEqual(heard.texts(), ['kept safe'])
  await repaired.close()
})

function deviceOf({ deviceId: id, username, keys }: Account) {
  const { encryptionKey, signingKey } = keys
  return { id, name: username, encryptionKey, signingKey, keys }
}

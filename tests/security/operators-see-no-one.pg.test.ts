import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GraphQLOutputType, getNamedType, isObjectType } from 'graphql'
import { schema } from '../../server/src/schema/index.ts'
import { type Account, createAccount } from '../support/account.ts'
import { askOverHttp, type RawAnswer } from '../support/ask-over-http.ts'
import { startCluster } from '../support/cluster.ts'
import { findNeedles, needle } from '../support/needles.ts'
import { createOperator } from '../support/operator.ts'
import { attach, openRawClient } from '../support/raw-client.ts'
import { sealedMessage, sendDocument } from '../support/sealed-message.ts'
import { openSql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'

/** Everything there is to select, so that a new field is read as well. */
function allOf(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields())
  return `{ ${fields.map((field) => `${field.name} ${allOf(field.type)}`).join(' ')} }`
}

function secretsOf(account: Account) {
  return [
    needle(`${account.username}'s device`, account.deviceId),
    needle(`${account.username}'s account`, account.clientId),
    needle(`${account.username}'s token`, account.token),
    needle(`${account.username}'s identity key`, account.signed.list.identityKey),
    needle(`${account.username}'s encryption key`, account.keys.encryptionKey),
    needle(`${account.username}'s signing key`, account.keys.signingKey),
  ]
}

test('no content, no key, no token and no pair of people is in anything an operator can read', async () => {
  await using cluster = await startCluster({ servers: 2, env: { LOG_LEVEL: 'debug' } })
  await using sql = await openSql(cluster.databaseUrl)
  const alice = await createAccount(sql, 'alice-who-writes')
  const bob = await createAccount(sql, 'bob-who-is-away')
  const carol = await createAccount(sql, 'carol-who-is-here')
  const operator = await createOperator(sql)
  const writer = await openRawClient(cluster.serverUrl(1), alice.token)
  const reader = await openRawClient(cluster.serverUrl(2), carol.token)
  await attach(reader, carol)
  const messages = [
    await sealedMessage(alice, bob, 'CANARY'),
    await sealedMessage(alice, carol, 'CANARY'),
  ]
  for (const input of messages) await writer.ask(sendDocument, { input })
  const ask = async (document: string, variables = {}) => {
    const { data, errors } = await askOverHttp(cluster.serverUrl(1), document, variables, operator)
    assert.equal(errors, undefined)
    return data as NonNullable<RawAnswer['data']>
  }
  const document = `{ operations ${allOf(schema.getQueryType()?.getFields().operations?.type as GraphQLOutputType)} }`
  let seen: NonNullable<RawAnswer['data']> = {}
  await untilTrue('both messages are told to wait', async () => {
    seen = await ask(document)
    return seen.operations.waiting.messages === 2
  })
  const metrics = await Promise.all(
    [cluster.url, cluster.serverUrl(1), cluster.serverUrl(2)].map(async (url) =>
      (await fetch(`${url}/metrics`)).text(),
    ),
  )

  const readable = Buffer.from(
    JSON.stringify([seen, metrics, cluster.logs().filter((line) => !line.includes('"debug"'))]),
  )
  const contents = messages.flatMap(({ envelope, to, clientMessageId }) => [
    needle('an envelope', Buffer.from(envelope, 'base64url').subarray(0, 48)),
    needle(
      'a wrapped key',
      Buffer.from(to[0]?.keys[0]?.wrappedKey ?? '', 'base64url').subarray(0, 48),
    ),
    needle('a message id', clientMessageId),
  ])
  const people = [alice, bob, carol].flatMap((account) => [
    ...secretsOf(account),
    needle(`the name of ${account.username}`, account.username),
  ])
  assert.deepEqual(
    findNeedles(readable, [...contents, ...people, needle('the text', 'CANARY')]),
    [],
  )
  // The search finds what is there.
  const [first] = seen.operations.waiting.recipients
  assert.deepEqual(findNeedles(readable, [needle('the pseudonym', first.recipient)]), [
    'the pseudonym',
  ])

  const names: string[] = []
  for (const { recipient } of seen.operations.waiting.recipients) {
    const { revealRecipient } = await ask(
      `mutation ($input: RevealRecipientInput!) { revealRecipient(input: $input) {
        ... on RevealRecipientPayload { recipient username } ... on UserError { code } } }`,
      { input: { recipient } },
    )
    names.push(revealRecipient.username)
  }
  assert.deepEqual(names.toSorted(), [bob.username, carol.username])
  const after = await ask(document)
  const revealed = after.operations.audit.filter(
    ({ action }: { action: string }) => action === 'REVEALED',
  )
  assert.deepEqual(
    revealed.map(({ operator: who, recipient }: Record<string, string>) => [who, recipient]),
    seen.operations.waiting.recipients
      .toReversed()
      .map(({ recipient }: { recipient: string }) => ['olga', recipient]),
  )
  // Who wrote is nowhere, not even now; whom it waits for is told once, to whom asked.
  assert.deepEqual(findNeedles(Buffer.from(JSON.stringify(after)), people), [])
  assert.deepEqual(findNeedles(Buffer.from(JSON.stringify(names)), secretsOf(alice)), [])
  writer.close()
  reader.close()
})

test('a name is told only while something waits for that person', async () => {
  await using cluster = await startCluster({ servers: 1 })
  await using sql = await openSql(cluster.databaseUrl)
  const operator = await createOperator(sql)

  const { data } = await askOverHttp(
    cluster.serverUrl(1),
    `mutation { revealRecipient(input: { recipient: "AAAAAAAAAAAA" }) { ... on UserError { code } } }`,
    {},
    operator,
  )

  assert.equal(data?.revealRecipient.code, 'NOT_FOUND')
  assert.equal(await sql.count('SELECT count(*) FROM operator_audit'), 0)
})

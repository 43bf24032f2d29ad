import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { errorCodes } from '../../server/src/domain/errors.ts'
import { createAccount } from '../support/account.ts'
import { askOverHttp, codesOf, type RawAnswer } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { createGroupDocument, newGroup } from '../support/group.ts'
import { createOperator } from '../support/operator.ts'
import { attach, openRawClient, type RawClient, SocketClosedError } from '../support/raw-client.ts'
import { sealedMessage } from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { newUpload, sealedChunkBytes, startUploadDocument } from '../support/upload.ts'
import { type OperationCase, operationCases, type World } from './support/operation-cases.ts'
import { rootFields } from './support/root-fields.ts'
import { spoil } from './support/spoil.ts'

const closedList: ReadonlySet<string> = new Set(errorCodes.filter((code) => code !== 'INTERNAL'))

let cluster: Cluster
let sql: Sql
let world: World
let socket: RawClient
let operatorToken: string

before(async () => {
  cluster = await startCluster({ servers: 1 })
  sql = await openSql(cluster.databaseUrl)
  const alice = await createAccount(sql, 'alice')
  const bob = await createAccount(sql, 'bob')
  operatorToken = await createOperator(sql)
  socket = await openRawClient(cluster.serverUrl(1), alice.token)
  const attachmentId = await attach(socket, alice)
  const club = await newGroup(alice, [bob])
  assert.deepEqual(codesOf(await socket.ask(createGroupDocument, { input: club.input })), [])
  const upload = newUpload(sealedChunkBytes + 100)
  assert.deepEqual(codesOf(await socket.ask(startUploadDocument, { input: upload })), [])
  const message = {
    ...(await sealedMessage(alice, bob, 'hello')),
    group: { groupId: club.entry.group, rosterVersion: 1 },
  }
  world = { alice, bob, attachmentId, message, club, upload }
})
after(async () => {
  socket.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

async function askEverywhere(
  { document, asks }: OperationCase,
  variables: object,
): Promise<RawAnswer[]> {
  if (asks === 'an operator') return askAsOperator(document, variables)
  const token = asks === 'anybody' ? undefined : world.alice.token
  // A server may close a socket that does too much nonsense in a second; a hostile client comes back as well.
  if (!socket.isOpen) socket = await openRawClient(cluster.serverUrl(1), world.alice.token)
  return [
    await askOverHttp(cluster.serverUrl(1), document, variables, token),
    await socket.ask(document, variables).catch(tooLarge),
  ]
}

async function askAsOperator(document: string, variables: object): Promise<RawAnswer[]> {
  const url = cluster.serverUrl(1)
  const client = await openRawClient(url, operatorToken)
  const answers = [
    await askOverHttp(url, document, variables, operatorToken),
    await client.ask(document, variables).catch(tooLarge),
  ]
  client.close()
  return answers
}

/** The word for it on a socket, where a frame that is not read has no answer. */
function tooLarge(error: unknown): RawAnswer {
  if (!(error instanceof SocketClosedError) || error.code !== 1009) throw error
  return { errors: [{ message: error.message, extensions: { code: 'PAYLOAD_TOO_LARGE' } }] }
}

test('there is an example for every operation of the schema, and for no other', () => {
  assert.deepEqual(Object.keys(operationCases).sort(), [...rootFields().keys()].sort())
})

test('an operation that is for others is refused to who does not say who they are', async () => {
  const before = await fingerprint(sql)

  for (const [name, operation] of Object.entries(operationCases)) {
    if (operation.asks === 'anybody') continue
    for (const token of [undefined, '', 'x'.repeat(43), 'x'.repeat(4000)]) {
      const variables = operation.variables(world)
      const answer = await askOverHttp(cluster.serverUrl(1), operation.document, variables, token)
      assert.deepEqual(codesOf(answer), ['UNAUTHENTICATED'], name)
    }
  }

  assert.equal(await fingerprint(sql), before)
})

for (const [name, field] of rootFields()) {
  if (field.args.length === 0) continue
  test(`${name} declines whatever is wrong with its arguments, and nothing is stored`, async () => {
    const operation = operationCases[name] as OperationCase
    const example = operation.variables(world)
    const variablesOf = new Map(field.args.map((arg) => [arg.name, arg.type]))
    // The documents name their variables as the arguments, but for a list of ids.
    const spoiled = Object.entries(example).flatMap(([variable, value]) => {
      const type = variablesOf.get(variable) ?? variablesOf.get('clientMessageIds')
      assert.ok(type, variable)
      if (value === null) return []
      return spoil(type, value, variable).map(({ how, value: bad }) => {
        return { how, variables: { ...example, [variable]: bad } }
      })
    })
    const stored = await fingerprint(sql)

    for (const { how, variables } of spoiled)
      for (const answer of await askEverywhere(operation, variables)) {
        const codes = codesOf(answer)
        for (const code of codes) assert.ok(closedList.has(code), `${how}: ${code}`)
        // A question may be answered with nothing; to do something needs everything right.
        if (!name.startsWith('Query.')) assert.ok(codes.length > 0, `${how} was accepted`)
      }

    assert.equal(await fingerprint(sql), stored)
  })
}

test('after all of that the servers have noted no fault, and a message still goes through', async () => {
  const operation = operationCases['Mutation.sendMessage'] as OperationCase
  const [first, repeated] = await askEverywhere(operation, operation.variables(world))

  assert.equal(first?.data?.sendMessage.__typename, 'SendMessagePayload')
  assert.deepEqual(repeated?.data, first?.data)
  assert.equal(await sql.count('SELECT count(*) FROM msg_bodies'), 1)
  const faults = cluster.logs().filter((line) => /"level":"error"|unexpected-error/.test(line))
  assert.deepEqual(faults, [])
})

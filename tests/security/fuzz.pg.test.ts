import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql'
import { errorCodes } from '../../server/src/domain/errors.ts'
import { createAccount } from '../support/account.ts'
import { askOverHttp, codesOf } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { operationCases } from './support/operation-cases.ts'
import { rootFields } from './support/root-fields.ts'

const closedList: ReadonlySet<string> = new Set(errorCodes.filter((code) => code !== 'INTERNAL'))
// Whatever is in it, it would end the session of all that follow.
const names = Object.keys(operationCases).filter((name) => name !== 'Mutation.signOut')

let cluster: Cluster
let sql: Sql
let token: string
let socket: RawClient

before(async () => {
  cluster = await startCluster({ servers: 1 })
  sql = await openSql(cluster.databaseUrl)
  token = (await createAccount(sql, 'alice')).token
  await createAccount(sql, 'bob')
  socket = await openRawClient(cluster.serverUrl(1), token)
})
after(async () => {
  socket.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

/** Values near the border between what fits and what does not: most documents must get as far as the rules. */
function values(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return values(type.ofType)
  if (isListType(type)) return fc.array(values(type.ofType), { maxLength: 4 })
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map(({ name, type: field }) => {
      return [name, values(field)] as const
    })
    return fc.record(Object.fromEntries(fields))
  }
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.anything())
  const fitting: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    Int: fc.integer(),
    Cursor: fc.bigInt({ min: 0n, max: 36n ** 12n - 1n }).map((seq) => seq.toString(36)),
    Bytes: fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => Buffer.from(bytes).toString('base64url')),
    ID: fc.oneof(fc.uuid(), fc.base64String()),
    String: fc.oneof(fc.constantFrom('alice', 'bob', 'mallory'), fc.string({ unit: 'binary' })),
  }
  return fc.oneof(
    { weight: 9, arbitrary: fitting[type.toString()] ?? hostile },
    { weight: 1, arbitrary: hostile },
  )
}

const calls = fc.oneof(
  ...names.map((name) => {
    const args = rootFields().get(name)?.args ?? []
    const byName = Object.fromEntries(args.map((arg) => [arg.name, values(arg.type)]))
    // The documents name their variables as the arguments, but for a list of ids.
    const ids = byName.clientMessageIds ?? fc.constant(null)
    const variables = fc.record({ ids, ...byName })
    return fc.record({ name: fc.constant(name), variables, overSocket: fc.boolean() })
  }),
)

test('whatever is asked, the answer is one of those that are promised, and nothing of it is stored', async (t) => {
  const stored = await fingerprint(sql)
  const seen = new Map<string, number>()
  let asked = 0

  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 8, maxLength: 8 }), async (batch) => {
      if (!socket.isOpen) socket = await openRawClient(cluster.serverUrl(1), token)
      const answers = await Promise.all(
        batch.map(async ({ name, variables, overSocket }) => {
          const document = operationCases[name]?.document ?? ''
          // JSON has no undefined, no BigInt and no NaN: a client could not send them either.
          const sendable = JSON.parse(JSON.stringify(variables, plain)) as object
          const answer = overSocket
            ? await socket.ask(document, sendable)
            : await askOverHttp(cluster.serverUrl(1), document, sendable, token)
          return { name, codes: codesOf(answer) }
        }),
      )
      asked += answers.length
      for (const { name, codes } of answers)
        for (const code of codes) {
          assert.ok(closedList.has(code), `${name}: ${code}`)
          seen.set(code, (seen.get(code) ?? 0) + 1)
        }
    }),
    { numRuns: 400, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  )

  t.diagnostic(`${asked} operations: ${JSON.stringify(Object.fromEntries(seen))}`)
  // An upload whose numbers happen to fit is rightly begun. There are no bytes of it.
  await sql.rows('DELETE FROM files')
  assert.equal(await fingerprint(sql), stored)
  assert.deepEqual(
    cluster.logs().filter((line) => line.includes('unexpected-error')),
    [],
  )
  // It got beyond the types, to the rules.
  assert.ok((seen.get('NOT_FOUND') ?? 0) + (seen.get('STALE_ATTACHMENT') ?? 0) > 0)
})

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

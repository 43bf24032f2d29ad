import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { createOperatorAccounts } from '../../store/operator-accounts.ts'
import { type IdentityServer, startIdentityServer } from '../../testing/identity-server.ts'
import { authenticate } from '../authenticate.ts'
import { RateLimitedError, TooManyAttemptsError, WrongPasswordError } from '../errors.ts'
import { createOpaqueSetup } from '../identity/opaque-server.ts'
import { hashPassword } from './operator-password.ts'
import { signInOperator, signOutOperator } from './sign-in-operator.ts'

const password = 'only olga knows this'
let database: TestDatabase
/** Two servers on one database. */
let one: IdentityServer
let two: IdentityServer

before(async () => {
  database = await createTestDatabase()
  const options = { url: database.url, serverSetup: await createOpaqueSetup() }
  one = startIdentityServer(options)
  two = startIdentityServer({ ...options, rates: { startSignIn: { burst: 2, perSecond: 0.001 } } })
  const accounts = createOperatorAccounts({
    pool: {
      query: async (sql: string, values: unknown[]) => {
        const rows = await one.query(sql, values)
        return { rows, rowCount: rows.length }
      },
    } as never,
  })
  const hash = await hashPassword(password)
  for (const name of ['olga', 'otto']) await accounts.add(name, hash)
})
after(async () => {
  await Promise.all([one.close(), two.close()])
  await database.drop()
})

const actions = async (name: string) =>
  (
    await one.query('SELECT action FROM operator_audit WHERE operator = $1 ORDER BY id', [name])
  ).map(({ action }) => action)

test('an operator signs in at one server and is known at another, until they sign out', async () => {
  const { token, expiresAt } = await signInOperator(one.deps, 'net', { name: ' Olga ', password })

  const caller = await authenticate(two.deps, token)
  assert.equal(caller?.viewer, null)
  assert.equal(caller?.operator?.name, 'olga')
  const hours = (expiresAt.getTime() - Date.now()) / 3_600_000
  assert.ok(hours > 11.9 && hours < 12.1, String(hours))

  assert.ok(caller?.operator)
  await signOutOperator(two.deps, caller.operator)
  assert.equal(await authenticate(one.deps, token), null)
  assert.deepEqual(await actions('olga'), ['ADDED', 'SIGNED_IN', 'SIGNED_OUT'])
})

test('only the hash of the token is kept', async () => {
  const { token } = await signInOperator(one.deps, 'net', { name: 'olga', password })

  const rows = await one.query('SELECT * FROM operator_sessions s, operators o')

  assert.ok(rows.length > 0)
  assert.ok(!JSON.stringify(rows).includes(token))
  assert.ok(!JSON.stringify(rows).includes(password))
})

test('three wrong passwords, then a wait, on all servers together; a name that does not exist is answered alike', async () => {
  for (const name of ['otto', 'nobody', 'not a name!']) {
    const network = `net of ${name}`
    const left: number[] = []
    for (const _try of [1, 2, 3])
      await assert.rejects(
        signInOperator(one.deps, network, { name, password: 'a wrong password' }),
        (error) => {
          assert.ok(error instanceof WrongPasswordError)
          left.push(error.attemptsLeft)
          return true
        },
      )

    assert.deepEqual(left, [2, 1, 0])
    await assert.rejects(
      signInOperator(two.deps, network, { name, password }),
      (error) => error instanceof TooManyAttemptsError && error.retryAfterMs > 20_000,
    )
  }
  assert.deepEqual(await actions('otto'), ['ADDED'])
})

test('the failures of an operator are not those of the account of that name', async () => {
  const keys = await one.query(`SELECT key FROM attempts WHERE key LIKE '%otto%'`)

  assert.deepEqual(
    keys.map(({ key }) => key),
    ['operator:otto|net of otto'],
  )
})

test('one network is slowed down, whatever names it tries', async () => {
  const wrong = (name: string) =>
    signInOperator(two.deps, 'busy', { name, password: 'a wrong password' })

  await assert.rejects(wrong('anna'), WrongPasswordError)
  await assert.rejects(wrong('berta'), WrongPasswordError)
  await assert.rejects(wrong('clara'), RateLimitedError)
})

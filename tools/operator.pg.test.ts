import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { isPassword } from '../server/src/domain/operations/operator-password.ts'
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts'
import { openSql, type Sql } from '../tests/support/sql.ts'

const password = 'only olga knows this'
let database: TestDatabase
let sql: Sql

before(async () => {
  database = await createTestDatabase()
  sql = await openSql(database.url)
})
after(async () => {
  await sql[Symbol.asyncDispose]()
  await database.drop()
})

async function operator(args: readonly string[], stdin = '') {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'operator.ts'), ...args], {
    env: { ...process.env, DATABASE_URL: database.url },
  })
  child.stdin.end(stdin)
  const [out, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { out, complaint, code }
}

async function hashOf(name: string): Promise<string> {
  const [row] = await sql.rows<{ hash: string }>(
    'SELECT password_hash AS hash FROM operators WHERE name = $1',
    [name],
  )
  return row?.hash ?? ''
}

test('an operator is made with a password from stdin, once, and the password is not kept', async () => {
  const made = await operator(['add', 'Olga'], `${password}\n`)
  const again = await operator(['add', 'olga'], `${password}\n`)

  assert.equal(made.code, 0, made.complaint)
  assert.equal(made.out, '')
  assert.equal(again.code, 1)
  assert.match(again.complaint, /already/)
  const hash = await hashOf('olga')
  assert.match(hash, /^\$argon2id\$/)
  assert.equal(await isPassword(password, hash), true)
  assert.equal(await isPassword(`${password}.`, hash), false)
})

test('a password that is too short, or stands among the arguments, is refused and not repeated', async () => {
  const short = await operator(['add', 'otto'], 'short\n')
  const argument = await operator(['add', 'otto', password])

  assert.deepEqual([short.code, argument.code], [1, 1])
  assert.match(short.complaint, /12 to 256/)
  assert.ok(!argument.complaint.includes(password))
  assert.equal(await sql.count(`SELECT count(*) FROM operators WHERE name = 'otto'`), 0)
})

test('a generated password is printed once and is the one that counts; the sessions of the old one end', async () => {
  await sql.rows(
    `INSERT INTO operator_sessions (id, token_hash, operator_id, expires_at)
     SELECT gen_random_uuid(), sha256('token'), id, now() + interval '1 hour' FROM operators WHERE name = 'olga'`,
  )

  const reset = await operator(['reset', 'olga', '--generate'])

  assert.equal(reset.code, 0, reset.complaint)
  assert.equal(await isPassword(reset.out.trim(), await hashOf('olga')), true)
  assert.equal(
    await sql.count('SELECT count(*) FROM operator_sessions WHERE revoked_at IS NULL'),
    0,
  )
})

test('who is removed is gone from the list, and what was done to them stays in the audit', async () => {
  const listed = await operator(['list'])
  const removed = await operator(['remove', 'olga'])
  const nobody = await operator(['remove', 'olga'])

  assert.match(listed.out, /^olga {2}since /)
  assert.deepEqual([removed.code, nobody.code], [0, 1])
  assert.equal(await sql.count('SELECT count(*) FROM operators'), 0)
  const audit = await sql.rows('SELECT operator, action FROM operator_audit ORDER BY id')
  assert.deepEqual(
    audit.map(({ operator, action }) => `${operator} ${action}`),
    ['olga ADDED', 'olga RESET', 'olga REMOVED'],
  )
})

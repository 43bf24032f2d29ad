import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../../tests/support/database.ts'
import { openDatabase } from './database.ts'

test('a connection that dies between two statements of a transaction fails the next one, and nothing else', async () => {
  const testDatabase = await createTestDatabase()
  const { pool, close } = openDatabase({
    ...{ url: testDatabase.url, poolSize: 2 },
    onError: () => {},
  })
  const client = await pool.connect()
  const ended = new Promise((resolve) => client.once('end', resolve))
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')

  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  await ended

  await assert.rejects(client.query('SELECT 1'))
  client.release(new Error('dead'))
  assert.equal((await pool.query('SELECT 1 AS one')).rows[0].one, 1)
  await close()
  await testDatabase.drop()
})

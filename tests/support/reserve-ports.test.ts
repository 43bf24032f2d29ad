import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { reservePorts } from './reserve-ports.ts'

const reservePortsModule = path.join(import.meta.dirname, 'reserve-ports.ts')

test('reserved ports are neighbours, can be listened on, and nobody is given them again', async () => {
  const rows = await Promise.all(Array.from({ length: 200 }, () => reservePorts(6)))

  for (const [first = 0, ...others] of rows)
    assert.deepEqual(
      others,
      others.map((_, index) => first + 1 + index),
    )
  assert.equal(new Set(rows.flat()).size, 200 * 6)
  await using server = createServer().listen(rows[0]?.[0], '127.0.0.1')
  await once(server, 'listening')
})

test('a process that reserved ports ends by itself', async () => {
  const script = `const { reservePorts } = await import(${JSON.stringify(reservePortsModule)}); await reservePorts(6)`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 20_000,
  })
})

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { hashPassword } from '../../server/src/domain/operations/operator-password.ts'
import { startCluster } from '../support/cluster.ts'
import { openSql } from '../support/sql.ts'
import { openShell, password } from './support/shell.ts'

test('an operator signs in, keeps the token in a file, and looks at servers and at all of it, at the balancer', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using sql = await openSql(cluster.databaseUrl)
  await using shell = await openShell(cluster.url)
  await sql.rows(
    `INSERT INTO operators (id, name, password_hash) VALUES (gen_random_uuid(), 'olga', $1)`,
    [await hashPassword(password)],
  )

  const signedIn = await shell.run('olga', ['operator', 'Olga'])
  assert.equal(signedIn.code, 0, signedIn.stderr)
  const file = path.join(shell.home, 'operator-token')
  await writeFile(file, signedIn.stdout, { mode: 0o600 })
  const [top, json, servers, stranger] = await Promise.all([
    shell.run('olga', ['top', '--count', '1', '--operator-token-file', file]),
    shell.run('olga', ['top', '--count', '2', '--json', '--operator-token-file', file]),
    shell.run('olga', ['servers'], { env: { FASTCHAT_OPERATOR_TOKEN_FILE: file } }),
    shell.run('olga', ['servers']),
  ])

  assert.deepEqual(
    [top, json, servers, stranger].map(({ code }) => code),
    [0, 0, 0, 0],
  )
  assert.match(top.stdout, /servers healthy\./)
  const [first, second] = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    first.servers.map(({ id }: { id: number }) => id),
    [1, 2],
  )
  assert.ok(Date.parse(second.at) > Date.parse(first.at))
  assert.match(servers.stdout, /ping p50/)
  assert.match(stranger.stdout, /Fastest: server/)
})

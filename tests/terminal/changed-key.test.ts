import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { openSql } from '../support/sql.ts'
import { openShell, type Shell } from './support/shell.ts'

let cluster: Cluster
let shell: Shell

before(async () => {
  cluster = await startCluster({ servers: 1 })
  shell = await openShell(cluster.url)
  for (const name of ['alice', 'bob']) {
    assert.equal((await shell.run(name, ['signup', '--name', name])).code, 0)
  }
  assert.equal((await shell.run('alice', ['send', 'bob', 'hello'])).code, 0)

  // Somebody with power over the servers puts an account of their own in the place of bob's.
  await using sql = await openSql(cluster.databaseUrl)
  await sql.rows("DELETE FROM clients WHERE username = 'bob'")
  assert.equal((await shell.run('mallory', ['signup', '--name', 'bob'])).code, 0)
})

after(async () => {
  await shell?.[Symbol.asyncDispose]()
  await cluster?.close()
})

test('a script that sends to a changed key ends with 4, and the message stays here', async () => {
  const { code, stdout, stderr } = await shell.run('alice', ['send', 'bob', 'secret', '--json'])

  assert.equal(code, 4, stderr)
  assert.equal(JSON.parse(stdout).state, 'held')
  const who = await shell.run('alice', ['who', 'bob', '--json'])
  assert.equal(JSON.parse(who.stdout).hasNewKey, true)
})

test('whoever took the place gets nothing until the key is accepted, and then what was held', async () => {
  const accepted = await shell.run('alice', [], { input: '/trust bob\n/who bob\n' })
  assert.equal(accepted.code, 0, accepted.stdout)
  assert.match(accepted.stdout, /new key of bob is accepted/)
  assert.match(accepted.stdout, /bob is off-line, not verified yet/)

  assert.equal((await shell.run('alice', ['send', 'bob', 'after'])).code, 0)
  const heard = await shell.run('mallory', ['listen', '--json', '--count', '2'])
  const texts = heard.stdout.match(/"text":"[^"]*"/g)
  assert.deepEqual(texts, ['"text":"secret"', '"text":"after"'])
})

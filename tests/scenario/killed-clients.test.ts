import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { createAccount } from '../support/account.ts'
import { createClientFolder, openClientFolder } from '../support/client-folder.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { collect, textOf } from '../support/collect.ts'
import { installationOf } from '../support/installation-of.ts'
import { liveUntil } from '../support/live-until.ts'
import { openClient, reopened } from '../support/people.ts'
import { openSql, type Sql } from '../support/sql.ts'

let cluster: Cluster
let sql: Sql

before(async () => {
  cluster = await startCluster({ servers: 2 })
  sql = await openSql(cluster.databaseUrl)
})
after(async () => {
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

test('T28: a process that is killed while it writes loses nothing it has promised, doubles nothing, and never sends other bytes under one id', async () => {
  await using folder = await createClientFolder(await createAccount(sql, 'alice'))
  const bob = await reopened(cluster.url, await installationOf(await createAccount(sql, 'bob')))
  const heard = collect(bob)
  const durable: string[] = []
  let deaths = 0

  // Three commits and a request a message, two steps each; a life begins with commits of its own.
  for (let dieAtStep = 1; dieAtStep <= 30; dieAtStep += dieAtStep < 16 ? 1 : 3) {
    const texts = ['a', 'b', 'c'].map((part) => `${dieAtStep}${part}`)
    const orders = { url: cluster.url, folder: folder.path, dieAtStep, to: 'bob', texts }
    const last = texts.at(-1) as string
    const life = await liveUntil(orders, async () => heard.texts().includes(last))
    durable.push(...life.durable)
    if (life.died) deaths += 1
  }
  const alice = await openClient(cluster.url, await openClientFolder(folder.path))
  await alice.resume()
  const written = (await alice.history('bob', { limit: 1000 })).map(textOf)
  for (const { id } of await alice.history('bob', { limit: 1000 }))
    assert.deepEqual(await alice.settled(id), { kind: 'delivered' })
  await alice.close()

  assert.ok(deaths > 15, `killed itself ${deaths} times`)
  assert.deepEqual(heard.texts(), written)
  assert.deepEqual(new Set(durable).difference(new Set(written)), new Set())
  assert.equal(new Set(written).size, written.length)
  for (const message of heard.messages)
    assert.ok('isLate' in message && !message.isLate && !message.isMissingBefore)
  const sent = (await readFile(path.join(folder.path, 'wire.log'), 'utf8')).trim().split('\n')
  const ids = new Set(sent.map((line) => line.split(' ')[0]))
  assert.equal(new Set(sent).size, ids.size)
  await bob.close()
})

test('T28: a process that is killed while it reads shows every message once and in order', async () => {
  const account = await createAccount(sql, 'dave')
  await using folder = await createClientFolder(account)
  const carol = await reopened(cluster.url, await installationOf(await createAccount(sql, 'carol')))
  const sent: string[] = []
  let deaths = 0

  // What waits comes in one batch: a commit and an acknowledgement, after the commit of the life itself.
  for (const dieAtStep of [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]) {
    for (const part of ['a', 'b', 'c']) {
      const text = `${sent.length}${part}`
      sent.push(text)
      await carol.send('dave', { text })
    }
    const isDelivered = async () => {
      const history = await carol.history('dave', { limit: 3 })
      return history.every((message) => 'state' in message && message.state?.kind === 'delivered')
    }
    const orders = { url: cluster.url, folder: folder.path, dieAtStep, texts: [] }
    if ((await liveUntil(orders, isDelivered)).died) deaths += 1
  }
  const dave = await openClient(cluster.url, await openClientFolder(folder.path))
  await dave.resume()
  for (const { id } of await carol.history('dave', { limit: 1000 }))
    assert.deepEqual(await carol.settled(id), { kind: 'delivered' })

  assert.ok(deaths > 8, `killed itself ${deaths} times`)
  assert.deepEqual((await dave.history('carol', { limit: 1000 })).map(textOf), sent)
  await Promise.all([dave.close(), carol.close()])
})

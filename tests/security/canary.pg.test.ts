import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withThrowAwayPostgres } from '../../tools/postgres/throw-away.ts'
import { sendStored } from '../support/absence.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { dataFiles, dumpTables } from '../support/everything-stored.ts'
import { findNeedles, type Needle, needle } from '../support/needles.ts'
import { newInstallation, nextEvent, openClient } from '../support/people.ts'
import { secretsOf, transparentInstallation } from '../support/secrets-of.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { until } from '../support/until.ts'

const marker = 'CANARY-of-a-message-7f3a'
const inFile = 'CANARY-of-a-file-9c1e'
const file = {
  // Text all through, so that no piece of it is without the marker.
  data: new Uint8Array(Buffer.from(`${inFile} `.repeat(4000))),
  name: 'CANARY-of-a-name.png',
  type: 'image/x-CANARY-of-a-type',
  caption: 'CANARY-of-a-caption',
}
const text = `Meet me under the old clock: ${marker}`
const wrongPassword = 'CANARY of a wrong password'
const people = {
  alice: { username: 'alice', password: 'CANARY of a password, of alice' },
  bob: { username: 'bob', password: 'CANARY of a password, of bob' },
}

test('T38: neither tables nor files nor logs hold what people write, their passwords or their keys, and ciphertext goes with its time', () =>
  withThrowAwayPostgres(async (postgres) => {
    await using cluster = await startCluster({
      servers: 2,
      ttlSeconds: 8,
      postgresUrl: postgres.url,
      env: { LOG_LEVEL: 'debug' },
    })
    await using sql = await openSql(cluster.databaseUrl)
    const installations = { alice: transparentInstallation(), bob: transparentInstallation() }
    const alice = await openClient(cluster.url, installations.alice)
    const bob = await openClient(cluster.url, installations.bob)
    await alice.signUp(people.alice)
    await bob.signUp(people.bob)
    const heard = collect(bob)
    await bob.connected()
    await alice.send('bob', { text })
    await heard.untilText(text)
    const arrived = nextEvent(bob, 'file', ({ file: { state } }) => state === 'ready')
    await alice.sendFile('bob', file)
    const { id } = await arrived
    assert.deepEqual(await bob.readFile(id), file.data)
    await bob.close()
    // Signing in is where a password could leak as well: first a wrong one, then the right one on a new device.
    const second = await openClient(cluster.url, newInstallation())
    await second.signIn({ username: 'alice', password: wrongPassword })
    await second.signIn(people.alice)
    await second.close()
    const secrets = [
      needle('the text', marker),
      needle('the file', inFile),
      needle('the name of the file', file.name),
      needle('the type of the file', file.type),
      needle('the caption of the file', file.caption),
      needle('the wrong password', wrongPassword),
      ...(await secretsOf(cluster.serverUrl(1), people.alice, installations.alice)),
      ...(await secretsOf(cluster.serverUrl(1), people.bob, installations.bob)),
    ]

    // Ciphertext, while it waits, is in a table, its file and the write-ahead log: the search finds what is there.
    const waiting = await sendStored(alice, 'bob', text)
    const picture = await alice.sendFile('bob', file)
    const chunk = await until('a file waits', () => chunkOf(sql, picture.id))
    const ciphertext = [...(await ciphertextOf(sql, waiting)), chunk]
    await sql.rows('CHECKPOINT')
    const tables = await dumpTables(sql)
    const places = await foundInFiles(sql, ciphertext)
    assert.deepEqual(findNeedles(tables, ciphertext), [
      ...['the envelope', 'the wrapped key', 'the chunk'],
    ])
    for (const what of ['the envelope', 'the wrapped key', 'the chunk'])
      for (const folder of ['base/', 'pg_wal/'])
        assert.ok(
          places.some((place) => place.startsWith(folder) && place.endsWith(what)),
          `${what} in ${folder}`,
        )

    assert.deepEqual(findNeedles(tables, secrets), [])
    assert.deepEqual(await foundInFiles(sql, secrets), [])
    assert.ok(cluster.logs().some((line) => line.startsWith('server-1')))
    const logs = Buffer.from(cluster.logs().join('\n'))
    assert.deepEqual(findNeedles(logs, [...secrets, ...ciphertext]), [])

    assert.deepEqual(await alice.settled(waiting), { kind: 'expired' })
    assert.deepEqual(await alice.settled(picture.id), { kind: 'expired' })
    await until('no file holds the ciphertext', async () =>
      (await foundInFiles(sql, ciphertext)).length === 0 ? true : undefined,
    )
    assert.deepEqual(findNeedles(await dumpTables(sql), ciphertext), [])
    await alice.close()
  }))

async function ciphertextOf(sql: Sql, messageId: string): Promise<readonly Needle[]> {
  const [stored] = await sql.rows<{ envelope: Buffer; wrapped_key: Buffer }>(
    `SELECT envelope, wrapped_key FROM msg_bodies JOIN msg_store USING (slot, sender_device_id, message_id)
    WHERE message_id = $1`,
    [messageId],
  )
  assert.ok(stored)
  // A piece from the middle: a page of the file may end within it.
  const piece = (bytes: Buffer) => bytes.subarray(bytes.length / 2, bytes.length / 2 + 64)
  return [
    needle('the envelope', piece(stored.envelope)),
    needle('the wrapped key', piece(stored.wrapped_key)),
  ]
}

/** Pieces of a sealed chunk, once the file was sent: some may lie across the end of a page, not all. */
async function chunkOf(sql: Sql, messageId: string): Promise<Needle | undefined> {
  const [stored] = await sql.rows<{ data: Buffer }>(
    `SELECT data FROM file_chunks JOIN files ON files.id = file_id AND files.slot = file_chunks.slot
    WHERE message_id = $1 AND index = 0`,
    [messageId],
  )
  if (stored === undefined) return undefined
  const forms = [3000, 9000, 21_000, 33_000, 50_000].flatMap((at) => {
    const piece = stored.data.subarray(at, at + 64)
    return needle('a piece', piece).forms
  })
  return { name: 'the chunk', forms }
}

/** Names of files, each with what was found in it. */
async function foundInFiles(sql: Sql, needles: readonly Needle[]): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { name, content } of dataFiles(sql))
    found.push(...findNeedles(content, needles).map((what) => `${name}: ${what}`))
  return found
}

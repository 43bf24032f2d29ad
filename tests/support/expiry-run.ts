import assert from 'node:assert/strict'
import { sendStored, someoneIsAway } from './absence.ts'
import { startCluster } from './cluster.ts'
import { collect } from './collect.ts'
import { nextEvent, openClient } from './people.ts'
import { openSql } from './sql.ts'
import { untilTrue } from './until.ts'

export interface ExpiryRun {
  /** From the end of the lifetime until the sender was told. */
  readonly toldAfterMs: number
  /** From the end of the lifetime until the tables held nothing. */
  readonly emptyAfterMs: number
}

const stored =
  'SELECT (SELECT count(*) FROM msg_store) + (SELECT count(*) FROM msg_bodies) AS stored'

/** Two people write to somebody who does not come back in time. Everything that is promised of that is asserted. */
export async function runExpiry(ttlSeconds: number): Promise<ExpiryRun> {
  await using cluster = await startCluster({ servers: 2, ttlSeconds })
  await using sql = await openSql(cluster.databaseUrl)
  const { writers, away } = await someoneIsAway(cluster, 'bob', ['alice', 'carol'])
  const patientMs = ttlSeconds * 1000 + 60_000

  const sent = await Promise.all(
    writers.flatMap((writer) =>
      ['one', 'two'].map(async (text) => ({ writer, id: await sendStored(writer, 'bob', text) })),
    ),
  )
  assert.equal(await sql.count(stored), 2 * sent.length)
  const expiresAtMs = Math.max(
    ...(await sql.rows<{ expires_at: Date }>('SELECT expires_at FROM msg_store')).map((row) =>
      row.expires_at.getTime(),
    ),
  )

  for (const { writer, id } of sent) assert.deepEqual(await writer.settled(id), { kind: 'expired' })
  const toldAfterMs = Date.now() - expiresAtMs
  await untilTrue('the tables are empty', async () => (await sql.count(stored)) === 0, patientMs)
  const emptyAfterMs = Date.now() - expiresAtMs

  const bob = await openClient(cluster.url, away)
  const heard = collect(bob)
  const missed = nextEvent(bob, 'missed', undefined, patientMs)
  await bob.resume()
  assert.deepEqual(await missed, { count: sent.length })
  await writers[0]?.send('bob', { text: 'in time' })
  await heard.untilText('in time')
  assert.deepEqual(heard.texts(), ['in time'])
  await Promise.all([bob, ...writers].map((client) => client.close()))
  return { toldAfterMs, emptyAfterMs }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertAccepted,
  database,
  message,
  person,
  stores,
  useDatabase,
} from '../testing/message-store.ts'
import { fileStore, letTimePass, readAll, sealedFile, uploaded } from '../testing/stored-file.ts'

useDatabase()

const left = async () => {
  const { rows } = await database.pool.query<{ chunks: number; files: number; bytes: number }>(
    `SELECT (SELECT count(*)::int FROM file_chunks) AS chunks, (SELECT count(*)::int FROM files) AS files,
      (SELECT sum(pg_relation_size(oid) + pg_relation_size(reltoastrelid))::int FROM pg_class
        WHERE relname LIKE 'file_chunks__' AND relkind = 'r') AS bytes`,
  )
  return rows[0]
}
const nothing = { chunks: 0, files: 0, bytes: 0 }

test('after its time the bytes of a file are gone from the tables, sent or not', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const [sent] = [await uploaded(alice), await uploaded(alice)]
  const outgoing = { ...message(alice, [bob]), fileId: sent.upload.fileId }
  assertAccepted(await stores().messages.accept(outgoing))
  assert.equal((await left())?.chunks, 4)

  await letTimePass(123_000)
  const sweep = await stores().expiry.sweep(1000)

  assert.equal(sweep?.truncatedFiles.length, 1)
  assert.deepEqual(await left(), nothing)
})

test('a slot that holds a file somebody may still read is not emptied', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const [file, dead] = [await uploaded(alice), await uploaded(alice)]
  // Sent at the end of the time it had, so that it lives for twice as long as the one that was not.
  await letTimePass(119_000)
  const outgoing = { ...message(alice, [bob]), fileId: file.upload.fileId }
  assertAccepted(await stores().messages.accept(outgoing))

  await letTimePass(10_000)
  const early = await stores().expiry.sweep(1000)
  assert.deepEqual(await readAll(bob, file), file.bytes)
  assert.equal(await fileStore().find(dead.upload.fileId, alice.deviceId), null)
  await letTimePass(113_000)
  const sweep = await stores().expiry.sweep(1000)

  assert.deepEqual(early?.truncatedFiles, [])
  assert.equal(sweep?.truncatedFiles.length, 1)
  assert.deepEqual(await left(), nothing)
})

test('a slot that is being sent from at this moment is left to the next sweep', async () => {
  const alice = await person()
  const { upload } = await uploaded(alice)
  await letTimePass(123_000)
  const sender = await database.pool.connect()
  await sender.query('BEGIN')
  await sender.query('SELECT FROM files WHERE id = $1 FOR UPDATE', [upload.fileId])

  const during = await stores().expiry.sweep(0)
  await sender.query(
    `UPDATE files SET message_id = id, recipient_device_ids = ARRAY[device_id], expires_at = clock_timestamp() + interval '1 minute' WHERE id = $1`,
    [upload.fileId],
  )
  await sender.query('COMMIT')
  sender.release()
  const after = await stores().expiry.sweep(0)

  assert.deepEqual([during?.truncatedFiles, after?.truncatedFiles], [[], []])
  assert.equal((await left())?.chunks, 2)
  await database.pool.query("UPDATE files SET expires_at = '-infinity'")
  await stores().expiry.sweep(0)
})

test('what a transaction wrote that failed does not stay behind, though no row tells of it', async () => {
  const alice = await person()
  const file = sealedFile(alice)
  const oldSlot = `(msg_slot(clock_timestamp(), 240000) + 4) % 8`
  const failed = await database.pool.connect()
  await failed.query('BEGIN')
  await failed.query(`INSERT INTO file_chunks VALUES (${oldSlot}, $1, 0, $2)`, [
    file.upload.fileId,
    file.bytes,
  ])
  await failed.query('ROLLBACK')
  failed.release()
  assert.ok(((await left())?.bytes ?? 0) > file.bytes.length)

  await letTimePass(0)
  const sweep = await stores().expiry.sweep(1000)

  assert.equal(sweep?.truncatedFiles.length, 1)
  assert.deepEqual(await left(), nothing)
})

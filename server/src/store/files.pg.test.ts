import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  assertAccepted,
  database,
  message,
  type Person,
  person,
  stores,
  useDatabase,
} from '../testing/message-store.ts'
import {
  fileQuota,
  fileStore,
  letTimePass,
  readAll,
  sealedFile,
  uploaded,
} from '../testing/stored-file.ts'

useDatabase()

/** Sends a file that lies there complete, as one server would. */
const sendFile = (from: Person, to: readonly Person[], fileId: string) => {
  const sent = { ...message(from, to), fileId }
  return { sent, accepted: stores().messages.accept(sent) }
}

test('a file that was sent is read back as it was uploaded, by its recipient and by its sender', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const file = await uploaded(alice)

  const { expiresAt } = assertAccepted(await sendFile(alice, [bob], file.upload.fileId).accepted)

  for (const reader of [alice, bob]) assert.deepEqual(await readAll(reader, file), file.bytes)
  const chunk = await fileStore().readChunk({ ...bob, fileId: file.upload.fileId, index: 0 })
  assert.deepEqual(chunk?.expiresAt, expiresAt)
})

test('chunks arrive in any order, twice, and at two servers; the answers say what is there', async () => {
  const alice = await person()
  const file = sealedFile(alice, 3 * 65_552 + 17)
  const [first, second] = [fileStore(), fileStore()]
  await first.start(file.upload, fileQuota)
  const [one, two, three, four] = file.chunks
  assert.ok(one && two && three && four)

  await first.putChunk(three)
  await second.putChunk(one)
  await second.putChunk(three)
  const before = await first.find(file.upload.fileId, alice.deviceId)
  const answers = await Promise.all([first.putChunk(two), second.putChunk(four)])
  const resumed = await second.start(file.upload, fileQuota)

  assert.deepEqual(before?.receivedChunks, [0, 2])
  const received = answers.map((a) => (a.kind === 'stored' ? a.upload.receivedChunks.length : 0))
  assert.equal(Math.max(...received), 4)
  assert.deepEqual(resumed.kind === 'started' && resumed.upload.receivedChunks, [0, 1, 2, 3])
})

test('the same chunk sent at once by many is stored once, and other bytes for its place are refused', async () => {
  const alice = await person()
  const file = sealedFile(alice)
  await fileStore().start(file.upload, fileQuota)
  const [chunk] = file.chunks
  assert.ok(chunk)
  const other = { ...chunk, data: randomBytes(chunk.data.length) }
  const servers = [fileStore(), fileStore(), fileStore()]

  const answers = await Promise.all(
    servers.flatMap((server) => [
      server.putChunk(chunk),
      server.putChunk(other),
      server.putChunk(chunk),
    ]),
  )

  const { rows } = await database.pool.query('SELECT data FROM file_chunks WHERE file_id = $1', [
    file.upload.fileId,
  ])
  assert.equal(rows.length, 1)
  const won = chunk.data.equals(rows[0].data)
  const expected = servers.flatMap(() =>
    won ? ['stored', 'other-bytes', 'stored'] : ['other-bytes', 'stored', 'other-bytes'],
  )
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    expected,
  )
})

test('a chunk of another length, or of a place the file does not have, is refused', async () => {
  const alice = await person()
  const file = sealedFile(alice, 65_552 + 1000)
  const files = fileStore()
  await files.start(file.upload, fileQuota)
  const chunk = (index: number, length: number) =>
    files.putChunk({ ...alice, ...file.upload, index, data: randomBytes(length) })

  const answers = await Promise.all([
    ...[chunk(0, 65_551), chunk(0, 65_553), chunk(1, 999), chunk(1, 65_552), chunk(2, 17)],
    ...[chunk(2, 65_552), chunk(159, 65_552)],
  ])

  assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['misfit']))
  assert.deepEqual((await files.find(file.upload.fileId, alice.deviceId))?.receivedChunks, [])
})

test('nobody puts a chunk into the upload of somebody else, looks at it or takes its id', async () => {
  const [alice, mallory] = await Promise.all([person(), person()])
  const file = sealedFile(alice)
  const files = fileStore()
  await files.start(file.upload, fileQuota)
  const [chunk] = file.chunks
  assert.ok(chunk)

  // In one batch with the owner's: neither is answered for the other.
  const [stolen, own] = await Promise.all([
    files.putChunk({ ...chunk, deviceId: mallory.deviceId }),
    files.putChunk(chunk),
  ])

  assert.equal(stolen?.kind, 'missing')
  assert.equal(own?.kind, 'stored')
  assert.equal(await files.find(file.upload.fileId, mallory.deviceId), null)
  const taken = await files.start({ ...file.upload, ...mallory }, fileQuota)
  assert.equal(taken.kind, 'taken')
  assert.equal((await files.start({ ...file.upload, size: 500 }, fileQuota)).kind, 'taken')
})

test('T19: a stranger, a revoked recipient and who comes too late learn nothing, as if there were no file', async () => {
  const [alice, bob, carol, mallory] = await Promise.all([person(), person(), person(), person()])
  const [file, unsent] = [await uploaded(alice), await uploaded(alice)]
  const { fileId } = file.upload
  await sendFile(alice, [bob, carol], fileId).accepted
  await database.pool.query('DELETE FROM mailboxes WHERE device_id = $1', [carol.deviceId])
  const files = fileStore()
  const ask = (who: Person, id = fileId, index = 0) =>
    files.readChunk({ ...who, fileId: id, index })

  assert.ok(await ask(bob))
  const nothing = await Promise.all([
    ask(mallory),
    ask(carol),
    // A device of Mallory's that claims to be Bob's account, and so on, is no device at all here.
    ask({ ...mallory, deviceId: randomUUID() }),
    ask(bob, randomUUID()),
    ask(bob, fileId, 2),
    ask(alice, unsent.upload.fileId),
    ask(bob, unsent.upload.fileId),
  ])
  await letTimePass(120_000)

  assert.deepEqual([...nothing, await ask(bob), await ask(alice)], Array(9).fill(null))
})

test('a file goes with one message only: another is refused and stores nothing, a repeat is answered', async () => {
  const [alice, bob, carol] = await Promise.all([person(), person(), person()])
  const { upload } = await uploaded(alice)
  const { sent, accepted } = sendFile(alice, [bob], upload.fileId)
  const first = assertAccepted(await accepted)

  const again = assertAccepted(await stores().messages.accept(sent))
  const other = await sendFile(alice, [carol], upload.fileId).accepted

  assert.equal(again.repeated, true)
  assert.deepEqual(again.expiresAt, first.expiresAt)
  assert.deepEqual(other, { kind: 'file-sent' })
  assert.equal(await fileStore().readChunk({ ...carol, fileId: upload.fileId, index: 0 }), null)
  const waiting = await stores().messages.read([{ deviceId: carol.deviceId, after: 0n, max: 9 }])
  assert.deepEqual(waiting, [])
})

test('of two messages that take one file at the same time, one gets it', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const { upload } = await uploaded(alice)

  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => sendFile(alice, [bob], upload.fileId).accepted),
  )

  assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), [
    'accepted',
    ...['file-sent', 'file-sent', 'file-sent'],
  ])
})

test('the same message sent to several servers at once is accepted once, and takes its file', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const file = await uploaded(alice)
  const sent = { ...message(alice, [bob]), fileId: file.upload.fileId }

  const answers = await Promise.all([1, 2, 3].map(() => stores().messages.accept(sent)))

  const repeats = answers.map((answer) => assertAccepted(answer).repeated)
  assert.deepEqual(repeats.toSorted(), [false, true, true])
  assert.deepEqual(await readAll(bob, file), file.bytes)
})

test('what is unknown, incomplete, expired or of somebody else cannot be sent, and no message is stored for it', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const incomplete = sealedFile(alice)
  await fileStore().start(incomplete.upload, fileQuota)
  const late = await uploaded(alice)
  await letTimePass(120_000)
  const bobs = await uploaded(bob)

  for (const fileId of [randomUUID(), incomplete, late, bobs].map((one) =>
    typeof one === 'string' ? one : one.upload.fileId,
  ))
    assert.deepEqual(await sendFile(alice, [bob], fileId).accepted, { kind: 'no-file' })

  const left = await database.pool.query(
    'SELECT FROM msg_store WHERE sender_device_id = $1 UNION ALL SELECT FROM sent_messages WHERE sender_device_id = $1',
    [alice.deviceId],
  )
  assert.equal(left.rowCount, 0)
})

test('a message that a mailbox had no room for brings no file to it', async () => {
  const [alice, bob, carol] = await Promise.all([person(), person(), person()])
  const { upload } = await uploaded(alice)
  await database.pool.query('UPDATE mailboxes SET stored_count = 1000 WHERE device_id = $1', [
    carol.deviceId,
  ])

  assertAccepted(await sendFile(alice, [bob, carol], upload.fileId).accepted)

  const read = (who: Person) => fileStore().readChunk({ ...who, fileId: upload.fileId, index: 0 })
  assert.ok(await read(bob))
  assert.equal(await read(carol), null)
})

test('a send that a change of the group refused takes no file: it goes with the message that follows', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const file = await uploaded(alice)
  const groupId = randomUUID()
  await database.pool.query(
    "INSERT INTO groups (id, name, version, head_hash) VALUES ($1, 'book club', 2, $2)",
    [groupId, randomBytes(32)],
  )
  const send = (version: number) =>
    stores().messages.accept({
      ...message(alice, [bob]),
      fileId: file.upload.fileId,
      group: { groupId, version },
    })

  const stale = await send(1)
  const before = await fileStore().readChunk({ ...bob, fileId: file.upload.fileId, index: 0 })
  assertAccepted(await send(2))

  assert.deepEqual([stale.kind, before], ['stale-roster', null])
  assert.deepEqual(await readAll(bob, file), file.bytes)
})

test('a send that is refused for another reason leaves the file to the next one', async () => {
  const [alice, bob, carol] = await Promise.all([person(), person(), person()])
  const file = await uploaded(alice)
  const { fileId } = file.upload
  await database.pool.query('UPDATE mailboxes SET stored_count = 1000 WHERE device_id = $1', [
    carol.deviceId,
  ])

  const full = await sendFile(alice, [carol], fileId).accepted
  const stale = await sendFile(alice, [{ ...bob, version: 7 }], fileId).accepted
  assertAccepted(await sendFile(alice, [bob], fileId).accepted)

  assert.deepEqual([full.kind, stale.kind], ['full', 'stale'])
  assert.deepEqual(await readAll(bob, file), file.bytes)
})

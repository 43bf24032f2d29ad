import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAccepted, message, person, stores, useDatabase } from '../testing/message-store.ts'
import { fileQuota, fileStore, letTimePass, sealedFile, uploaded } from '../testing/stored-file.ts'

useDatabase()

const mebibyte = 1024 * 1024

test('a device has eight uploads open; sending one makes room, and so does time', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const files = fileStore()
  const sent = await uploaded(alice)
  for (let count = 1; count < 8; count += 1) await files.start(sealedFile(alice).upload, fileQuota)
  const ninth = sealedFile(alice).upload

  const refused = await files.start(ninth, fileQuota)
  assertAccepted(
    await stores().messages.accept({ ...message(alice, [bob]), fileId: sent.upload.fileId }),
  )
  const accepted = await files.start(ninth, fileQuota)
  const full = await files.start(sealedFile(alice).upload, fileQuota)
  await letTimePass(120_000)
  const later = await files.start(sealedFile(alice).upload, fileQuota)

  assert.ok(refused.kind === 'full' && refused.retryAfterMs > 0 && refused.retryAfterMs <= 120_000)
  assert.deepEqual([accepted.kind, full.kind, later.kind], ['started', 'full', 'started'])
})

test('an account keeps 64 MiB, sent or not, however many of its devices ask at once on however many servers', async () => {
  const alice = await person()
  const upload = () => ({ ...sealedFile(alice, 1000).upload, size: 10 * mebibyte, chunkCount: 160 })
  const quota = { ...fileQuota, openUploads: 1000 }

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fileStore().start(upload(), quota)),
  )

  const started = answers.filter(({ kind }) => kind === 'started')
  assert.equal(started.length, 6)
})

test('the quota of one account is no concern of another', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const quota = { openUploads: 1, liveBytes: 1000 }
  await fileStore().start(sealedFile(alice, 1000).upload, quota)

  assert.equal((await fileStore().start(sealedFile(alice, 17).upload, quota)).kind, 'full')
  assert.equal((await fileStore().start(sealedFile(bob, 1000).upload, quota)).kind, 'started')
})

test('an upload that was not sent in time is over, and beginning it again begins it anew', async () => {
  const alice = await person()
  const file = await uploaded(alice)
  const { fileId } = file.upload
  const files = fileStore()
  const [chunk] = file.chunks
  assert.ok(chunk)
  await letTimePass(120_000)

  assert.equal(await files.find(fileId, alice.deviceId), null)
  assert.deepEqual(await files.putChunk(chunk), { kind: 'missing' })
  const again = await files.start(file.upload, fileQuota)

  assert.ok(again.kind === 'started' && again.upload.expiresAt.getTime() > Date.now())
  assert.equal((await files.putChunk(chunk)).kind, 'stored')
})

test('a file that was sent cannot be begun again, neither before its time nor after', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const { upload } = await uploaded(alice)
  const sent = { ...message(alice, [bob]), fileId: upload.fileId }
  const { expiresAt } = assertAccepted(await stores().messages.accept(sent))

  const before = await fileStore().start(upload, fileQuota)
  await letTimePass(120_000)
  const after = await fileStore().start(upload, fileQuota)

  assert.deepEqual(before.kind === 'started' && before.upload.expiresAt, expiresAt)
  assert.equal(after.kind, 'taken')
})

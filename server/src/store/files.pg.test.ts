import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAccepted, message, person, stores, useDatabase } from '../testing/message-store.ts'
import { fileStore, uploaded } from '../testing/stored-file.ts'

useDatabase()

test('a file that was sent is read back as it was uploaded, by its recipient and by its sender', async () => {
  const [alice, bob] = await Promise.all([person(), person()])
  const { upload, chunks } = await uploaded(alice)
  const sent = { ...message(alice, [bob]), fileId: upload.fileId }

  const { expiresAt } = assertAccepted(await stores().messages.accept(sent))

  for (const reader of [alice, bob])
    for (const { index, data } of chunks) {
      const chunk = await fileStore().readChunk({ ...reader, fileId: upload.fileId, index })
      assert.ok(chunk)
      assert.deepEqual(Buffer.from(chunk.data), data)
      assert.deepEqual(chunk.expiresAt, expiresAt)
    }
})

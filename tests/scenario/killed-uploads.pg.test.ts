import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withThrowAwayPostgres } from '../../tools/postgres/throw-away.ts'
import { startPostgres } from '../../tools/postgres.ts'
import { createAccount } from '../support/account.ts'
import { codesOf } from '../support/ask-over-http.ts'
import { startCluster } from '../support/cluster.ts'
import { openRawClient } from '../support/raw-client.ts'
import { sealedMessage, sendDocument } from '../support/sealed-message.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'
import {
  fetchedFile,
  sealedChunkBytes,
  sealedFile,
  startedUpload,
  uploadRest,
} from '../support/upload.ts'

const size = 120 * sealedChunkBytes + 4711

test('a server that is killed in mid-upload loses no chunk it acknowledged, and the upload goes on at another', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using sql = await openSql(cluster.databaseUrl)
  const [alice, bob] = [await createAccount(sql, 'alice'), await createAccount(sql, 'bob')]
  const file = sealedFile(size)
  const first = await openRawClient(cluster.serverUrl(1), alice.token)
  const acknowledged: number[] = []
  let killed: Promise<void> | undefined

  await assert.rejects(
    uploadRest(first, file, (index) => {
      acknowledged.push(index)
      if (acknowledged.length === 20) killed = cluster.kill(1)
    }),
    /closed with 1006/,
  )
  await killed
  const second = await openRawClient(cluster.serverUrl(2), alice.token)
  const received = new Set(await startedUpload(second, file))
  assert.ok(new Set(acknowledged).isSubsetOf(received))
  assert.ok(received.size < file.input.chunkCount)
  await uploadRest(second, file)

  const message = await sealedMessage(alice, bob, 'a picture')
  const sent = await second.ask(sendDocument, { input: { ...message, fileId: file.input.fileId } })
  assert.deepEqual(codesOf(sent), [])
  const bobs = await openRawClient(cluster.serverUrl(2), bob.token)
  assert.deepEqual(await fetchedFile(bobs, file.input), file.bytes)
  second.close()
  bobs.close()
})

test('a database that is killed in mid-upload keeps what was acknowledged, and the upload goes on when it is back', () =>
  withThrowAwayPostgres(async (postgres) => {
    await using cluster = await startCluster({ servers: 1, postgresUrl: postgres.url })
    const sql = await openSql(cluster.databaseUrl)
    const [alice, bob] = [await createAccount(sql, 'alice'), await createAccount(sql, 'bob')]
    const file = sealedFile(size)
    const first = await openRawClient(cluster.serverUrl(1), alice.token)
    const acknowledged: number[] = []
    let killed: Promise<void> | undefined

    await assert.rejects(
      uploadRest(first, file, (index) => {
        acknowledged.push(index)
        if (acknowledged.length === 20) killed = postgres.kill9()
      }),
      /SERVICE_UNAVAILABLE/,
    )
    await killed
    await startPostgres({ dataFolder: postgres.dataFolder })
    const again = await until('the server takes sockets', () =>
      openRawClient(cluster.serverUrl(1), alice.token).catch(() => undefined),
    )
    const received = new Set(await startedUpload(again, file))
    assert.ok(new Set(acknowledged).isSubsetOf(received))
    assert.ok(received.size < file.input.chunkCount)
    await uploadRest(again, file)

    const message = await sealedMessage(alice, bob, 'a picture')
    const sent = await again.ask(sendDocument, { input: { ...message, fileId: file.input.fileId } })
    assert.deepEqual(codesOf(sent), [])
    const bobs = await openRawClient(cluster.serverUrl(1), bob.token)
    assert.deepEqual(await fetchedFile(bobs, file.input), file.bytes)
    again.close()
    bobs.close()
    first.close()
  }))

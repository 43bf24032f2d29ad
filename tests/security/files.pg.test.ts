import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { revokeDevice } from '../../client-core/src/crypto/device-list-changes.ts'
import { type Account, createAccount } from '../support/account.ts'
import { askOverHttp, codesOf } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { openRawClient, type RawClient } from '../support/raw-client.ts'
import { base64url, sealedMessage, sendDocument } from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'
import {
  chunkOf,
  fetchedFile,
  fileChunkDocument,
  newUpload,
  type SealedFile,
  sealedChunkBytes,
  sealedFile,
  startedUpload,
  startUploadDocument,
  uploadChunkDocument,
  uploadDocument,
  uploadRest,
} from '../support/upload.ts'

let cluster: Cluster
let sql: Sql
let alice: Account
let bob: Account
let mallory: Account
let alices: RawClient
let bobs: RawClient

before(async () => {
  cluster = await startCluster({ servers: 2 })
  sql = await openSql(cluster.databaseUrl)
  alice = await createAccount(sql, 'alice')
  bob = await createAccount(sql, 'bob')
  mallory = await createAccount(sql, 'mallory')
  alices = await openRawClient(cluster.serverUrl(1), alice.token)
  bobs = await openRawClient(cluster.serverUrl(2), bob.token)
})
after(async () => {
  alices.close()
  bobs.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

/** Alice sends a file to somebody. */
async function sentFile(to: Account): Promise<SealedFile> {
  const file = sealedFile(2 * sealedChunkBytes)
  await uploadRest(alices, file)
  const message = await sealedMessage(alice, to, 'a picture')
  const sent = await alices.ask(sendDocument, { input: { ...message, fileId: file.input.fileId } })
  assert.deepEqual(codesOf(sent), [])
  return file
}

/** What a server answers who asks for a chunk and for the upload, byte for byte. */
async function answersTo({ token }: Account, fileId: string): Promise<readonly string[]> {
  const ask = async (document: string, variables: object) =>
    JSON.stringify(await askOverHttp(cluster.serverUrl(2), document, variables, token))
  return [
    await ask(fileChunkDocument, { fileId, index: 0 }),
    await ask(fileChunkDocument, { fileId, index: 159 }),
    await ask(uploadDocument, { fileId }),
  ]
}

test('T19: a stranger gets the same answer whether a file is there, was never sent, has expired or never was', async () => {
  const nothing = await answersTo(mallory, randomUUID())
  assert.deepEqual(nothing, [
    '{"data":{"fileChunk":null}}',
    '{"data":{"fileChunk":null}}',
    '{"data":{"upload":null}}',
  ])
  const [sent, expired, unsent] = [await sentFile(bob), await sentFile(bob), sealedFile(70_000)]
  await uploadRest(alices, unsent)
  await sql.rows(`UPDATE files SET expires_at = clock_timestamp() WHERE id = $1`, [
    expired.input.fileId,
  ])

  for (const { input } of [sent, expired, unsent])
    assert.deepEqual(await answersTo(mallory, input.fileId), nothing)
  // For the recipient as well, but for the one that is his.
  for (const { input } of [expired, unsent])
    assert.deepEqual(await answersTo(bob, input.fileId), nothing)
  assert.deepEqual(await fetchedFile(bobs, sent.input), sent.bytes)
  // The one who sent it may look, and not before it was sent.
  assert.deepEqual(await fetchedFile(alices, sent.input), sent.bytes)
  assert.equal(await fetchedFile(alices, unsent.input), null)
  assert.equal(await fetchedFile(alices, expired.input), null)
})

test('a device that was taken out of its account gets no more of what was sent to it', async () => {
  const carol = await createAccount(sql, 'carol')
  const file = await sentFile(carol)
  const client = await openRawClient(cluster.serverUrl(2), carol.token)
  assert.deepEqual(await fetchedFile(client, file.input), file.bytes)

  const list = await revokeDevice(carol.identity, carol.signed.list, carol.deviceId)
  const revoked = await askOverHttp(
    cluster.serverUrl(1),
    'mutation ($input: RevokeDeviceInput!) { revokeDevice(input: $input) { ... on UserError { code } } }',
    {
      input: {
        deviceList: base64url(list.bytes),
        deviceListSignature: base64url(list.signature),
        deviceId: carol.deviceId,
      },
    },
    carol.token,
  )

  assert.deepEqual(codesOf(revoked), [])
  // Its socket at the other server may live a moment longer, and gets nothing on it.
  assert.equal(await fetchedFile(client, file.input).catch(() => null), null)
  assert.deepEqual(
    codesOf(
      await askOverHttp(
        cluster.serverUrl(1),
        fileChunkDocument,
        { fileId: file.input.fileId, index: 0 },
        carol.token,
      ),
    ),
    ['UNAUTHENTICATED'],
  )
})

test("nobody writes into the upload of another, sends it, or sends one's own file twice", async () => {
  const file = sealedFile(70_000)
  await startedUpload(alices, file)
  const stored = await fingerprint(sql)
  const asMallory = (document: string, input: object) =>
    askOverHttp(cluster.serverUrl(1), document, { input }, mallory.token)
  const { fileId } = file.input

  assert.deepEqual(codesOf(await asMallory(uploadChunkDocument, chunkOf(file, 0))), ['NOT_FOUND'])
  assert.deepEqual(codesOf(await asMallory(startUploadDocument, file.input)), ['CONFLICT'])
  await uploadRest(alices, file)
  const message = await sealedMessage(mallory, bob, 'look what I have')
  assert.deepEqual(codesOf(await asMallory(sendDocument, { ...message, fileId })), ['NOT_FOUND'])
  await sql.rows('DELETE FROM file_chunks WHERE file_id = $1', [fileId])
  assert.equal(await fingerprint(sql), stored)

  const { input: own } = await sentFile(bob)
  const second = await sealedMessage(alice, bob, 'again')
  const again = await alices.ask(sendDocument, { input: { ...second, fileId: own.fileId } })
  assert.deepEqual(codesOf(again), ['CONFLICT'])
})

test('the same message is answered alike when it comes again with its file, and is another one without it', async () => {
  const file = sealedFile(70_000)
  await uploadRest(alices, file)
  const message = await sealedMessage(alice, bob, 'a picture')
  const input = { ...message, fileId: file.input.fileId }

  const [first, repeated] = [
    await alices.ask(sendDocument, { input }),
    await askOverHttp(cluster.serverUrl(2), sendDocument, { input }, alice.token),
  ]

  assert.deepEqual(codesOf(first), [])
  assert.deepEqual(repeated.data, first.data)
  assert.deepEqual(codesOf(await alices.ask(sendDocument, { input: message })), ['CONFLICT'])
})

test('a chunk that was changed, cut or moved is refused, and what was stored first stays', async () => {
  const file = sealedFile(2 * sealedChunkBytes + 500)
  await uploadRest(alices, file)
  const other = sealedFile(file.input.size)
  const stored = await fingerprint(sql)
  const put = async (index: number, bytes: Buffer) =>
    codesOf(
      await alices.ask(uploadChunkDocument, {
        input: { fileId: file.input.fileId, index, data: bytes.toString('base64url') },
      }),
    )

  assert.deepEqual(await put(0, other.bytes.subarray(0, sealedChunkBytes)), ['CONFLICT'])
  assert.deepEqual(await put(0, file.bytes.subarray(0, sealedChunkBytes - 1)), ['BAD_USER_INPUT'])
  assert.deepEqual(await put(2, file.bytes.subarray(0, sealedChunkBytes)), ['BAD_USER_INPUT'])
  assert.deepEqual(await put(3, file.bytes.subarray(0, 500)), ['BAD_USER_INPUT'])
  assert.equal(await fingerprint(sql), stored)
})

test('a file over 10 MiB is refused with the limit; a ninth open upload with the time to wait', async () => {
  const dave = await createAccount(sql, 'dave')
  const client = await openRawClient(cluster.serverUrl(1), dave.token)
  const start = async (size: number) => {
    const document = startUploadDocument.replace(
      '{ code }',
      '{ code } ... on PayloadTooLargeError { limit } ... on RateLimitedError { retryAfterMs }',
    )
    const answer = await client.ask(document, { input: newUpload(size) })
    return answer.data?.startUpload
  }

  const tooLarge = await start(160 * sealedChunkBytes + 1000)
  for (let count = 1; count <= 8; count += 1) await start(70_000)
  const ninth = await start(70_000)

  assert.deepEqual([tooLarge.code, tooLarge.limit], ['PAYLOAD_TOO_LARGE', 160 * sealedChunkBytes])
  assert.equal(ninth.code, 'RATE_LIMITED')
  assert.ok(ninth.retryAfterMs > 0 && ninth.retryAfterMs <= 120_000)
  client.close()
})

test('chunks are counted for a device on all servers together, up and down', async () => {
  await using strict = await startCluster({
    servers: 2,
    rates: { chunk: { burst: 40, perSecond: 0.01 } },
  })
  await using tables = await openSql(strict.databaseUrl)
  const erin = await createAccount(tables, 'erin')
  const ask = async (server: number, index: number) =>
    codesOf(
      await askOverHttp(
        strict.serverUrl(server),
        fileChunkDocument,
        { fileId: randomUUID(), index },
        erin.token,
      ),
    )

  const answers: (readonly string[])[] = []
  for (let count = 0; count < 50; count += 1) answers.push(await ask(1 + (count % 2), count))

  assert.deepEqual(answers.slice(0, 40).flat(), [])
  assert.deepEqual(new Set(answers.slice(40).flat()), new Set(['RATE_LIMITED']))
})

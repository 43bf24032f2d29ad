import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '../chat-client.ts'
import { directConversation } from '../crypto/conversation.ts'
import { createMessageId } from '../crypto/ids.ts'
import { rsaV1 } from '../crypto/rsa-v1/rsa-v1.ts'
import { type FileSecret, type SealedFile, sealFile } from '../crypto/sealed-file.ts'
import type { Storage } from '../storage/storage.ts'
import { until } from '../testing/fake-clock.ts'
import type { ChunkLie } from '../testing/fake-files.ts'
import { installed, newWorld, reopened, startClient, type World } from '../testing/people.ts'
import { person, sealRequest } from '../testing/vectors/people.ts'
import { decodeFile, encodeFile } from './file-content.ts'
import type { FileMessage } from './message-view.ts'

const data = Uint8Array.from({ length: 3 * 65_536 + 100 }, (_, index) => index % 251)
const words = { name: 'plan.pdf', type: 'application/pdf' }

const lies: { readonly [What in string]: (other: { readonly fileId: string }) => ChunkLie } = {
  'a chunk with one bit changed':
    () =>
    ({ fileId, index }, chunkOf) => {
      const chunk = chunkOf(fileId, index)
      if (chunk === null || index !== 2) return chunk
      return Uint8Array.from(chunk, (byte, at) => (at === 9_000 ? byte ^ 1 : byte))
    },
  'two chunks in each other’s place':
    () =>
    ({ fileId, index }, chunkOf) => {
      return chunkOf(fileId, [1, 0, 2, 3][index] ?? index)
    },
  'the first chunk for every one':
    () =>
    ({ fileId }, chunkOf) =>
      chunkOf(fileId, 0),
  'a chunk that ends too early':
    () =>
    ({ fileId, index }, chunkOf) => {
      return chunkOf(fileId, index)?.slice(0, index === 3 ? -20 : undefined) ?? null
    },
  'an empty chunk': () => () => new Uint8Array(0),
  'a chunk with more bytes than were said':
    () =>
    ({ fileId, index }, chunkOf) => {
      const chunk = chunkOf(fileId, index)
      return chunk && Uint8Array.of(...chunk, ...new Uint8Array(index === 3 ? 50 : 0))
    },
  'a chunk as large as it likes': () => () => new Uint8Array(5_000_000),
  'the chunk of another file of the same sender': ({ fileId: other }) => {
    return ({ index }, chunkOf) => chunkOf(other, index)
  },
}

for (const [what, lie] of Object.entries(lies)) {
  test(`${what}: refused, with nothing given out and nothing kept`, async () => {
    const world = newWorld()
    const alice = await startClient(world, 'alice')
    const disk = await installed(world, 'bob')
    const bob = await reopened(world, disk)
    const shown: unknown[] = []
    bob.on('file', ({ file }) => shown.push(file.state))
    await alice.sendFile('bob', { data, ...words })
    await until(world.clock, 'one came', async () => (await stateOf(bob)) === 'ready')
    const [fileId = ''] = world.service.files.fileIds
    world.service.files.unsafeLie(lie({ fileId }))

    const { id } = await alice.sendFile('bob', { data, ...words })
    await until(world.clock, 'it is judged', async () => (await stateOf(bob)) === 'damaged')

    await assert.rejects(bob.readFile(id), { code: 'NOT_FOUND', message: /not what was sent/ })
    assert.deepEqual(shown, ['downloading', 'ready', 'downloading', 'damaged'])
    assert.equal(await count(disk.storage, 'fileChunk'), 4, 'only those of the first file')
    assert.equal(await count(disk.storage, 'download'), 0)
  })
}

test('a file that the server says is not there counts as expired, and the next one comes', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const disk = await installed(world, 'bob')
  const bob = await reopened(world, disk)
  world.service.files.unsafeLie(({ fileId, index }, chunkOf) => {
    return index === 2 ? null : chunkOf(fileId, index)
  })
  await alice.sendFile('bob', { data, ...words })
  await until(world.clock, 'it is called expired', async () => (await stateOf(bob)) === 'expired')
  world.service.files.unsafeLie()

  await alice.sendFile('bob', { data, ...words })
  await until(world.clock, 'the next one is ready', async () => (await stateOf(bob)) === 'ready')

  assert.equal(await count(disk.storage, 'fileChunk'), 4)
})

const misfits: readonly { readonly what: string; readonly change: Partial<FileSecret> }[] = [
  { what: 'fewer bytes than there are', change: { size: data.length - 65_536 } },
  { what: 'more bytes than there are', change: { size: data.length + 1 } },
  { what: 'another hash', change: { hash: new Uint8Array(32) } },
  { what: 'another key', change: { key: new Uint8Array(32) } },
]

for (const { what, change } of misfits) {
  test(`a sender that signs ${what} is refused like a server that lies`, async () => {
    const world = newWorld()
    const bob = await startClient(world, 'bob')
    await until(world.clock, 'bob is there', () => bob.connection.kind === 'live')

    const { secret, chunks } = await sealFile(createMessageId(1, null), data)
    await sendAsMallory(world, { secret: { ...secret, ...change }, chunks })
    await until(world.clock, 'it is judged', async () => {
      return (await newest(bob, 'mallory'))?.file.state === 'damaged'
    })

    const { id } = (await newest(bob, 'mallory')) ?? { id: '' }
    await assert.rejects(bob.readFile(id), { code: 'NOT_FOUND' })
  })
}

test('whoever copies the ids of a message gets neither its place nor its bytes', async () => {
  const world = newWorld()
  const alice = await startClient(world, 'alice')
  const bob = await startClient(world, 'bob')
  const { id } = await alice.sendFile('bob', { data, ...words })
  await until(world.clock, 'one came', async () => (await stateOf(bob)) === 'ready')
  const [fileId = ''] = world.service.files.fileIds
  const other = Uint8Array.from({ length: 10 }, () => 7)

  world.service.files.forget(fileId)
  await sendAsMallory(world, await sealFile(fileId, other), id)
  await until(world.clock, 'the copy came', async () => {
    return (await newest(bob, 'mallory'))?.file.state === 'ready'
  })

  await assert.rejects(bob.readFile(id), { code: 'CONFLICT' })
  assert.deepEqual(await bob.readFile({ id, from: 'alice' }), data)
  assert.deepEqual(await bob.readFile({ id, from: 'mallory' }), other)
})

test('content that is no description of a file is shown as unsupported and fetches nothing', () => {
  const secret = { fileId: '019aa9f0-0000-7000-8000-000000000001', size: 1 }
  const fields = { ...words, caption: '', width: 0, height: 0 }
  const sealed = { ...secret, key: new Uint8Array(32), hash: new Uint8Array(32) }

  for (const bad of [
    { ...sealed, size: 0 },
    { ...sealed, size: 10_485_761 },
    { ...sealed, key: new Uint8Array(16) },
    { ...sealed, hash: new Uint8Array(20) },
    { ...sealed, fileId: '019aa9f0-0000-4000-8000-000000000001' },
  ]) {
    assert.equal(decodeFile(encodeFile({ secret: bad, ...fields })), undefined)
  }
  for (const bad of [{ name: 'x'.repeat(256) }, { type: 'x'.repeat(128) }, { width: 65_536 }]) {
    assert.equal(decodeFile(encodeFile({ secret: sealed, ...fields, ...bad })), undefined)
  }
  assert.ok(decodeFile(encodeFile({ secret: sealed, ...fields })))
})

/** As somebody with a program of their own: whatever they say is signed and sealed as it should be. */
async function sendAsMallory(
  world: World,
  { secret, chunks }: SealedFile,
  messageId = createMessageId(world.clock.nowMs(), null),
): Promise<void> {
  const { files, mailboxes } = world.service
  const [mallory, bob] = [await person('mallory'), await person('bob')]
  await installed(world, 'mallory')
  const [from, to] = [mallory.devices[0].id, bob.devices[0].id]
  const content = encodeFile({ secret, ...words, caption: '', width: 0, height: 0 })
  const conversation = directConversation(mallory.username, bob.username)
  const request = sealRequest(mallory, [bob], { conversation, kind: 'file', messageId, content })
  const { envelope, wraps } = await rsaV1.seal(request)
  const { fileId } = secret
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  files.start(from, { fileId, size, chunkCount: chunks.length })
  for (const [index, chunk] of chunks.entries()) files.put(from, { fileId, index, data: chunk })
  const [acceptedAtMs, expiresAtMs] = [world.clock.nowMs(), world.clock.nowMs() + 120_000]
  files.send(fileId, messageId, [to], expiresAtMs)
  mailboxes.deliver(to, {
    clientMessageId: messageId,
    senderDeviceId: from,
    envelope,
    wrappedKey: wraps.find(({ deviceId }) => deviceId === to)?.wrap ?? new Uint8Array(0),
    acceptedAtMs,
    expiresAtMs,
  })
}

async function newest(client: ChatClient, who = 'alice'): Promise<FileMessage | undefined> {
  return (await client.history(who)).findLast((message) => message.kind === 'file')
}

async function stateOf(client: ChatClient): Promise<string | undefined> {
  return (await newest(client))?.file.state
}

async function count(storage: Storage, collection: string): Promise<number> {
  return (await storage.list({ collection })).length
}

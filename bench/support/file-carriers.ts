import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import path from 'node:path'
import type { BenchAccount, SealedBody } from './accounts.ts'
import { type GraphqlSocket, openGraphqlSocket } from './graphql-socket.ts'

/** Something that takes files from one person of a pair and gives them to the other. */
export interface FileCarrier {
  /** Resolves when the second has every byte of it, as it was. */
  carry(pair: number): Promise<void>
  close(): Promise<void>
}

const sealedChunkBytes = 65_536 + 16
/** At a time, as client-core does it. */
const chunksAtOnce = 4

/** Sealed chunks look like this to whoever carries them. */
const someChunks = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, () => randomBytes(sealedChunkBytes))

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const indices = Array.from({ length: count }, (_, index) => index).values()
  const worker = async () => {
    for (const index of indices) await work(index)
  }
  await Promise.all(Array.from({ length: chunksAtOnce }, worker))
}

export async function openFileRelay(
  chunkCount: number,
): Promise<FileCarrier & { readonly process: ChildProcess }> {
  const child = fork(path.join(import.meta.dirname, 'file-relay.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [port] = (await once(child, 'message')) as [number]
  const agent = new Agent({ keepAlive: true })
  const chunks = someChunks(chunkCount)

  async function ask(method: string, place: string, body?: Buffer): Promise<Buffer> {
    const asked = request({ host: '127.0.0.1', port, method, path: place, agent })
    asked.end(body)
    const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
    return Buffer.concat(await response.toArray())
  }

  return {
    process: child,
    async carry() {
      const id = randomUUID()
      await inParallel(chunkCount, async (index) => {
        await ask('PUT', `/${id}/${index}`, chunks[index])
      })
      await inParallel(chunkCount, async (index) => {
        const got = await ask('GET', `/${id}/${index}`)
        if (!chunks[index]?.equals(got)) throw new Error(`chunk ${index} came back changed`)
      })
    },
    async close() {
      agent.destroy()
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

const startDocument = `mutation StartUpload($input: StartUploadInput!) { startUpload(input: $input) { __typename ... on StartUploadPayload { upload { receivedChunks expiresAt } } ... on UserError { code message } } }`
const chunkDocument = `mutation UploadChunk($input: UploadChunkInput!) { uploadChunk(input: $input) { __typename ... on UserError { code message } } }`
const sendDocument = `mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { __typename ... on SendMessagePayload { expiresAt } ... on UserError { code message } } }`
const readDocument = `query FileChunk($fileId: ID!, $index: Int!) { fileChunk(fileId: $fileId, index: $index) { data expiresAt } }`

export interface FilePair {
  readonly from: BenchAccount
  readonly to: BenchAccount
  readonly body: SealedBody
  /** Where each of the two is. */
  readonly urls: readonly [string, string]
}

/** Clients of FastChat: chunks up, the message that takes the file, chunks down at another server. */
export async function openFastChatFiles(
  pairs: readonly FilePair[],
  chunkCount: number,
): Promise<FileCarrier> {
  const chunks = someChunks(chunkCount).map((chunk) => chunk.toString('base64url'))
  const sockets = await Promise.all(
    pairs.map(async ({ from, to, urls }): Promise<readonly [GraphqlSocket, GraphqlSocket]> => {
      const [there, here] = urls
      return [await openGraphqlSocket(there, from.token), await openGraphqlSocket(here, to.token)]
    }),
  )

  async function mutate(socket: GraphqlSocket, document: string, input: object): Promise<void> {
    const [answer] = Object.values(await socket.request(document, { input })) as [{ code?: string }]
    if (answer.code !== undefined) throw new Error(JSON.stringify(answer))
  }

  return {
    async carry(index) {
      const pair = pairs[index]
      const [sender, reader] = sockets[index] ?? []
      if (pair === undefined || sender === undefined || reader === undefined)
        throw new Error('unreachable: two sockets for each pair')
      const fileId = randomUUID()
      const size = chunkCount * sealedChunkBytes
      await mutate(sender, startDocument, { fileId, size, chunkCount })
      await inParallel(chunkCount, (place) =>
        mutate(sender, chunkDocument, { fileId, index: place, data: chunks[place] }),
      )
      const { username, deviceId } = pair.to
      const { envelope, wrappedKey } = pair.body
      const to = [{ username, deviceListVersion: 1, keys: [{ deviceId, wrappedKey }] }]
      await mutate(sender, sendDocument, { clientMessageId: randomUUID(), envelope, to, fileId })
      await inParallel(chunkCount, async (place) => {
        const { fileChunk } = await reader.request(readDocument, { fileId, index: place })
        if ((fileChunk as { data: string } | null)?.data !== chunks[place])
          throw new Error(`chunk ${place} came back changed`)
      })
    },
    async close() {
      for (const socket of sockets.flat()) socket.terminate()
    },
  }
}

import { randomBytes, randomUUID } from 'node:crypto'
import { codesOf, type RawAnswer } from './ask-over-http.ts'
import type { RawClient } from './raw-client.ts'

/** The input of `startUpload`, as it travels. */
export interface StartUploadInput {
  readonly fileId: string
  readonly size: number
  readonly chunkCount: number
}

export const sealedChunkBytes = 65_536 + 16

export const startUploadDocument = `mutation ($input: StartUploadInput!) {
  startUpload(input: $input) { __typename ... on StartUploadPayload { upload { receivedChunks isComplete expiresAt } } ... on UserError { code } }
}`

export const uploadChunkDocument = `mutation ($input: UploadChunkInput!) {
  uploadChunk(input: $input) { __typename ... on UploadChunkPayload { upload { receivedChunks isComplete } } ... on UserError { code } }
}`

export const uploadDocument =
  'query ($fileId: ID!) { upload(fileId: $fileId) { receivedChunks isComplete expiresAt } }'

export const fileChunkDocument =
  'query ($fileId: ID!, $index: Int!) { fileChunk(fileId: $fileId, index: $index) { index data expiresAt } }'

export const newUpload = (size: number): StartUploadInput => ({
  fileId: randomUUID(),
  size,
  chunkCount: Math.ceil(size / sealedChunkBytes),
})

/** What a server gets to see of a file: bytes that say nothing, in chunks. */
export interface SealedFile {
  readonly input: StartUploadInput
  readonly bytes: Buffer
}

export const sealedFile = (size: number): SealedFile => ({
  input: newUpload(size),
  bytes: randomBytes(size),
})

/** The input of `uploadChunk`. */
export function chunkOf({ input, bytes }: SealedFile, index: number) {
  const data = bytes.subarray(index * sealedChunkBytes, (index + 1) * sealedChunkBytes)
  return { fileId: input.fileId, index, data: data.toString('base64url') }
}

/** Begins the upload, or goes on with it. Returns the chunks that lie there. */
export async function startedUpload(
  client: Pick<RawClient, 'ask'>,
  { input }: SealedFile,
): Promise<readonly number[]> {
  const answer = granted(await client.ask(startUploadDocument, { input }))
  return answer.startUpload.upload.receivedChunks
}

/** Brings what is missing, four chunks at a time, and tells of each that is acknowledged. */
export async function uploadRest(
  client: Pick<RawClient, 'ask'>,
  file: SealedFile,
  onStored: (index: number) => void = () => {},
): Promise<void> {
  const received = new Set(await startedUpload(client, file))
  const all = Array.from({ length: file.input.chunkCount }, (_, index) => index)
  const missing = all.filter((index) => !received.has(index)).values()
  const worker = async () => {
    for (const index of missing) {
      granted(await client.ask(uploadChunkDocument, { input: chunkOf(file, index) }))
      onStored(index)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

/** All of it, as it is handed out; null when a chunk is not. */
export async function fetchedFile(
  client: Pick<RawClient, 'ask'>,
  { fileId, chunkCount }: StartUploadInput,
): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  for (let index = 0; index < chunkCount; index += 1) {
    const { fileChunk } = granted(await client.ask(fileChunkDocument, { fileId, index }))
    if (fileChunk === null) return null
    chunks.push(Buffer.from(fileChunk.data, 'base64url'))
  }
  return Buffer.concat(chunks)
}

function granted(answer: RawAnswer) {
  const codes = codesOf(answer)
  if (codes.length > 0 || answer.data == null) throw new Error(`declined with ${codes}`)
  return answer.data
}

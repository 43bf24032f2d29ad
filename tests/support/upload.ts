import { randomUUID } from 'node:crypto'

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

export const fileChunkDocument = `query ($fileId: ID!, $index: Int!) {
  fileChunk(fileId: $fileId, index: $index) { index data expiresAt }
}`

export const newUpload = (size: number): StartUploadInput => ({
  fileId: randomUUID(),
  size,
  chunkCount: Math.ceil(size / sealedChunkBytes),
})

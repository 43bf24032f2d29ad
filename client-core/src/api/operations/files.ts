import { graphql } from '../graphql.ts'
import { problem } from './problem.ts'

export const startUploadMutation = graphql(
  `
  mutation StartUpload($input: StartUploadInput!) {
    startUpload(input: $input) {
      __typename
      ... on StartUploadPayload {
        upload { receivedChunks }
      }
      ...Problem
    }
  }
`,
  [problem],
)

export const uploadChunkMutation = graphql(
  `
  mutation UploadChunk($input: UploadChunkInput!) {
    uploadChunk(input: $input) {
      __typename
      ... on UploadChunkPayload {
        upload { isComplete }
      }
      ...Problem
    }
  }
`,
  [problem],
)

export const fileChunkQuery = graphql(`
  query FileChunk($fileId: ID!, $index: Int!) {
    fileChunk(fileId: $fileId, index: $index) { data }
  }
`)

import { z } from 'zod'
import {
  ConflictError,
  NotFoundError,
  PayloadTooLargeError,
  RateLimitedError,
} from '../domain/errors.ts'
import { findUpload } from '../domain/files/find-upload.ts'
import { readFileChunk } from '../domain/files/read-file-chunk.ts'
import { startUpload } from '../domain/files/start-upload.ts'
import { uploadChunk } from '../domain/files/upload-chunk.ts'
import { limits } from '../domain/limits.ts'
import type { FileChunk } from '../store/file-chunks.ts'
import type { Upload } from '../store/uploads.ts'
import { bytesUpTo, uuidText } from './bounds.ts'
import { builder } from './builder.ts'

const lastChunk = Math.ceil(limits.fileBytes / limits.fileChunkBytes) - 1
const chunkIndex = z.int().min(0, 'at least 0').max(lastChunk, `at most ${lastChunk}`)

const UploadRef = builder.objectRef<Upload>('Upload').implement({
  description: 'A file on its way to the service.',
  fields: (t) => ({
    fileId: t.exposeID('fileId', { description: 'The UUID you gave it.' }),
    size: t.exposeInt('size', { description: 'Bytes of all sealed chunks together.' }),
    chunkCount: t.exposeInt('chunkCount', { description: 'How many sealed chunks it has.' }),
    receivedChunks: t.exposeIntList('receivedChunks', {
      description: 'The chunks that are stored, ascending: go on with the others.',
    }),
    isComplete: t.boolean({
      description: 'True when every chunk is stored: it can be sent.',
      resolve: ({ receivedChunks, chunkCount }) => receivedChunks.length === chunkCount,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Send it before; once it is sent, when it is gone together with its message.',
    }),
  }),
})

const FileChunkRef = builder.objectRef<FileChunk>('FileChunk').implement({
  description: 'A piece of a file.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place, from 0.' }),
    data: t.field({
      type: 'Bytes',
      description: `Opaque to the server: the sealed chunk, at most ${limits.fileChunkBytes} bytes.`,
      resolve: ({ data }) => data,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the file is gone, together with its message.',
    }),
  }),
})

const fileId = {
  required: true,
  description: 'A UUID of your making, in lower case.',
  validate: uuidText,
} as const

const StartUploadInput = builder.inputType('StartUploadInput', {
  description: 'A sealed file.',
  fields: (t) => ({
    fileId: t.id(fileId),
    size: t.int({
      required: true,
      description: `Bytes of all sealed chunks together, 17 to ${limits.fileBytes}.`,
      validate: z.int().min(17, 'at least 17'),
    }),
    chunkCount: t.int({
      required: true,
      description: `Sealed chunks: all of ${limits.fileChunkBytes} bytes but the last.`,
      validate: z.int().min(1, 'at least 1'),
    }),
  }),
})

const UploadChunkInput = builder.inputType('UploadChunkInput', {
  description: 'A piece of a sealed file.',
  fields: (t) => ({
    fileId: t.id(fileId),
    index: t.int({ required: true, description: 'Its place, from 0.', validate: chunkIndex }),
    data: t.field({
      type: 'Bytes',
      required: true,
      description: `Opaque to the server: the sealed chunk, ${limits.fileChunkBytes} bytes, the last one what is left.`,
      validate: bytesUpTo(limits.fileChunkBytes),
    }),
  }),
})

const StartUploadPayload = builder
  .objectRef<{ readonly upload: Upload }>('StartUploadPayload')
  .implement({
    description: 'There is room for the file.',
    fields: (t) => ({
      upload: t.expose('upload', { type: UploadRef, description: 'What is stored of it so far.' }),
    }),
  })

const UploadChunkPayload = builder
  .objectRef<{ readonly upload: Upload }>('UploadChunkPayload')
  .implement({
    description: 'The chunk is durable.',
    fields: (t) => ({
      upload: t.expose('upload', {
        type: UploadRef,
        description: 'What is stored of the file now.',
      }),
    }),
  })

builder.mutationField('startUpload', (t) =>
  t.withAuth({ device: true }).field({
    type: StartUploadPayload,
    description: `Makes room for a file. Repeat it to learn what is stored of it: on another server, after a crash. At most ${limits.openUploads} files of a device may be unsent, and ${limits.liveFileBytes} bytes of an account kept.`,
    errors: { types: [ConflictError, PayloadTooLargeError, RateLimitedError] },
    args: { input: t.arg({ type: StartUploadInput, required: true, description: 'The file.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => ({
      upload: await startUpload(deps, viewer, input),
    }),
  }),
)

builder.mutationField('uploadChunk', (t) =>
  t.withAuth({ device: true }).field({
    type: UploadChunkPayload,
    description:
      'Stores one sealed chunk of a file, in any order. Answers after the commit; repeating it is harmless.',
    errors: { types: [NotFoundError, ConflictError, RateLimitedError] },
    args: { input: t.arg({ type: UploadChunkInput, required: true, description: 'The chunk.' }) },
    resolve: async (_root, { input }, { deps, viewer }) => ({
      upload: await uploadChunk(deps, viewer, input),
    }),
  }),
)

builder.queryField('upload', (t) =>
  t.withAuth({ device: true }).field({
    type: UploadRef,
    nullable: true,
    description: 'How far an upload of this device is; null when there is none, or no longer.',
    args: { fileId: t.arg.id(fileId) },
    resolve: (_root, args, { deps, viewer }) => findUpload(deps, viewer, args.fileId),
  }),
)

builder.queryField('fileChunk', (t) =>
  t.withAuth({ device: true }).field({
    type: FileChunkRef,
    nullable: true,
    description:
      "A sealed chunk of a file that was sent to this device, or by this account. Null for everybody else's, and for what is unknown, unsent or expired: the answer does not tell which.",
    args: {
      fileId: t.arg.id({ ...fileId, description: 'The file, as its message names it.' }),
      index: t.arg.int({ required: true, description: 'Its place, from 0.', validate: chunkIndex }),
    },
    resolve: (_root, args, { deps, viewer }) => readFileChunk(deps, viewer, args),
  }),
)

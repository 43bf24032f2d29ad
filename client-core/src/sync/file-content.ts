import type { Bytes, Plaintext } from '../brands.ts'
import { isMessageId, uuidBytes, uuidOf } from '../crypto/ids.ts'
import { decodePlaintext, encodePlaintext } from '../crypto/plaintext.ts'
import type { FileSecret } from '../crypto/sealed-file.ts'
import { bytesOf, integer, oneOf, record, text } from '../crypto/shape.ts'
import { maxFileBytes } from './file-limits.ts'

/** What the sender says of a file. Nothing of it is checked against the file. */
export interface FileWords {
  readonly name: string
  readonly type: string
  readonly caption: string
  /** In pixels; 0 if it has none. */
  readonly width: number
  readonly height: number
}

/** What a message of kind `file` carries. */
export interface FileContent extends FileWords {
  readonly secret: FileSecret
}

export const maxNameLength = 255
export const maxTypeLength = 127
export const maxDimension = 65_535

const dimension = integer({ min: 0, max: maxDimension })

const fileShape = record({
  v: oneOf(1),
  fileId: bytesOf(16),
  key: bytesOf(32),
  size: integer({ min: 1, max: maxFileBytes }),
  hash: bytesOf(32),
  name: text((name) => name.length <= maxNameLength),
  type: text((type) => type.length <= maxTypeLength),
  caption: text(() => true),
  width: dimension,
  height: dimension,
})

export function encodeFile({ secret, ...words }: FileContent): Plaintext {
  const { name, type, caption, width, height } = words
  const fileId = uuidBytes(secret.fileId)
  return encodePlaintext({ v: 1, ...secret, fileId, name, type, caption, width, height })
}

/** Returns `undefined`, does not throw, if it is not of this shape. */
export function decodeFile(content: Bytes): FileContent | undefined {
  const parsed = decodePlaintext(content as Plaintext, fileShape)
  if (parsed === undefined) return undefined
  const { fileId: rawFileId, key, size, hash, name, type, caption, width, height } = parsed
  const fileId = uuidOf(rawFileId)
  if (!isMessageId(fileId)) return undefined
  return { secret: { fileId, key, size, hash }, name, type, caption, width, height }
}

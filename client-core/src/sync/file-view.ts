import type { Bytes } from '../brands.ts'
import { decodeFile } from './file-content.ts'

/** How far a file has come to this device. */
export type FileState =
  /** Not begun: no server is connected, or others come first. */
  | 'waiting'
  | 'downloading'
  /** Here whole, and checked: `readFile` gives it. */
  | 'ready'
  /** It was gone from the servers before it could be fetched. */
  | 'expired'
  /** What the server gave is not what the sender sent. Nothing of it is kept. */
  | 'damaged'

/**
 * A file as a face shows it. Name, type, size in pixels and caption are the sender's words: show
 * them as text, save under `safeFileName`, and tell a picture by `sniffImage`.
 */
export interface FileFacts {
  readonly id: string
  readonly name: string
  readonly type: string
  /** In bytes; checked once the file is ready. */
  readonly size: number
  readonly width?: number
  readonly height?: number
  readonly caption?: string
  readonly state: FileState
}

/** Returns `undefined`, does not throw, if a newer client wrote something else. */
export function fileFacts(content: Bytes, state: FileState): FileFacts | undefined {
  const file = decodeFile(content)
  if (file === undefined) return undefined
  const { secret, name, type, width, height, caption } = file
  return {
    id: secret.fileId,
    name,
    type,
    size: secret.size,
    ...(width > 0 && height > 0 && { width, height }),
    ...(caption !== '' && { caption }),
    state,
  }
}

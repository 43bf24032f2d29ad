import { type FileToSend, maxFileBytes, maxImagePixels, sniffImage } from '@fastchat/client-core'
import { Failure } from '../failure.ts'
import { byteCount } from '../text/byte-count.ts'
import { type ChosenFile, readChosenFile } from './chosen-file.ts'
import { runImageJob } from './run-image-job.ts'

/** Large enough to fill a screen, small enough to be sent quickly. */
export const maxSide = 2048

export interface Prepared {
  readonly file: FileToSend
  /** What was done to it, for the person who sends it. */
  readonly note: string
}

/** A picture as it is sent: encoded anew, so that nothing is left of where and with what it was taken. */
export async function prepareImage(path: string): Promise<Prepared> {
  const chosen = await readChosenFile(path)
  const before = sniffed(chosen, path)
  const job = { kind: 'encode', bytes: chosen.bytes, type: before.type, maxSide } as const
  const { bytes, type, width, height } = await runImageJob(job)
  if (bytes.length > maxFileBytes) {
    throw new Failure(
      'failed',
      `${path} would be ${byteCount(bytes.length)} when sent, and 10 MiB is the limit. Make it smaller.`,
    )
  }
  const isSmaller = width !== before.width || height !== before.height
  const size = isSmaller ? `, scaled to ${width} × ${height}` : ''
  const frame = before.type === 'image/gif' ? ', first frame only' : ''
  return {
    file: { data: bytes, name: renamed(chosen.name, type), type, width, height },
    note: `${byteCount(bytes.length)}${size}${frame}, location and other details removed`,
  }
}

function sniffed({ bytes }: ChosenFile, path: string) {
  const found = sniffImage(bytes)
  if (found === undefined) {
    throw new Failure(
      'usage',
      `${path} is not a picture that can be sent (PNG, JPEG, GIF, WebP). Send it as it is with: /file`,
    )
  }
  const { width, height } = found
  // Before it is decoded: a small file can hold a picture that no memory holds.
  if (width * height > maxImagePixels) {
    throw new Failure(
      'usage',
      `${path} has ${width} × ${height} pixels. Choose a picture of at most 50 million.`,
    )
  }
  return found
}

const extensions = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' } as const

/** The name says what it has become. */
function renamed(name: string, type: string): string {
  const extension = extensions[type as keyof typeof extensions] ?? 'png'
  const stem = name.replace(/\.[^.]*$/, '') || 'image'
  return /\.jpe?g$/i.test(name) && extension === 'jpg' ? name : `${stem}.${extension}`
}

import { maxImagePixels, sniffImage } from '@fastchat/client-core'
import type { Terminal } from '../terminal.ts'
import type { ImageProtocol } from './image-protocol.ts'
import { type PictureRoom, pictureLines, pixelsFor } from './picture-lines.ts'
import { runImageJob } from './run-image-job.ts'

export interface PictureSight {
  readonly env: Terminal['env']
  readonly protocol: ImageProtocol
  readonly room: PictureRoom
}

/** No rows for what is no picture, or one that would fill the memory: whatever its sender calls it. */
export async function showPicture(
  bytes: Uint8Array,
  { env, protocol, room }: PictureSight,
): Promise<readonly string[]> {
  const found = sniffImage(bytes)
  if (found === undefined || found.width * found.height > maxImagePixels) return []
  const fits = pixelsFor(protocol, room)
  const preview = await runImageJob({ kind: 'preview', bytes, type: found.type, fits })
  return pictureLines(preview, protocol, { env, room })
}

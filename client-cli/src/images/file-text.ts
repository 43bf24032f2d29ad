import type { FileFacts } from '@fastchat/client-core'
import { byteCount } from '../text/byte-count.ts'

/** A file in words, as it stands in a conversation. The name and the caption are the sender's. */
export function fileText(file: FileFacts): string {
  const { name, type, size, width, height, caption, state } = file
  const what = type.startsWith('image/') ? 'image' : 'file'
  const pixels = width === undefined || height === undefined ? '' : `, ${width} × ${height}`
  const line = `[${what} ${name}, ${byteCount(size)}${pixels}]${notes[state]}`
  return caption === undefined ? line : `${line}\n${caption}`
}

const notes: { readonly [State in FileFacts['state']]: string } = {
  // Written down where lines never change, it would stay.
  waiting: '',
  downloading: ' (coming)',
  ready: '',
  expired: ' (expired before it could be fetched)',
  damaged: ' (damaged on the way; nothing was kept)',
}

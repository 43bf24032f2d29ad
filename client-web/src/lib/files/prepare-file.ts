import { maxFileBytes, maxImagePixels, safeFileName, sniffImage } from '@fastchat/client-core'
import { fileSize } from '#lib/text/file-size.ts'
import { encodeAnew } from './encode-anew.ts'
import { withoutGifComments } from './gif-comments.ts'

/** What is about to be sent, as the person sees it before. */
export interface PreparedFile {
  readonly data: Uint8Array<ArrayBuffer>
  readonly name: string
  readonly type: string
  readonly width?: number
  readonly height?: number
  /** What was done to it, and how large it is now. */
  readonly words: string
}

export type Prepared =
  | { readonly kind: 'ready'; readonly file: PreparedFile }
  | { readonly kind: 'refused'; readonly words: string }

/** Makes a picture say nothing of where and with what it was taken; everything else stays as it is. */
export async function prepareFile(file: File): Promise<Prepared> {
  if (file.size === 0) return refused(`“${file.name}” is empty.`)
  // A picture may become small enough; nobody needs one that is larger than this in memory.
  if (file.size > 8 * maxFileBytes) return refused(tooLarge(file.name, file.size))
  const bytes = await readWhole(file)
  if (bytes === undefined) {
    return refused(`“${file.name}” cannot be read. A folder cannot be sent, only the files in it.`)
  }
  const picture = sniffImage(bytes)
  if (picture === undefined) return asItIs(file, bytes)
  if (picture.width * picture.height > maxImagePixels) {
    return refused(
      `“${file.name}” has too many pixels. The limit is ${maxImagePixels / 1e6} million.`,
    )
  }
  if (picture.type === 'image/gif') {
    const { width, height } = picture
    const data = withoutGifComments(bytes)
    if (data === undefined) return refused(`“${file.name}” is a damaged picture.`)
    return checked(file.name, {
      data,
      type: picture.type,
      width,
      height,
      words: 'comments removed',
    })
  }
  try {
    const encoded = await encodeAnew(bytes, picture)
    return checked(file.name, { ...encoded, words: 'location and camera removed' })
  } catch {
    return refused(`“${file.name}” cannot be decoded. It may be damaged.`)
  }
}

/** Nothing for what only looks like a file: a folder, or what was deleted since it was chosen. */
async function readWhole(file: File): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch {
    return undefined
  }
}

function asItIs(file: File, data: Uint8Array<ArrayBuffer>): Prepared {
  const type = file.type === '' ? 'application/octet-stream' : file.type
  return checked(file.name, { data, type, words: 'sent as it is' })
}

function checked(name: string, file: Omit<PreparedFile, 'name'>): Prepared {
  const { length } = file.data
  if (length > maxFileBytes) return refused(tooLarge(name, length))
  const words = `${fileSize(length)}, ${file.words}`
  return { kind: 'ready', file: { ...file, name: safeFileName(name, file.type), words } }
}

function tooLarge(name: string, bytes: number): string {
  return `“${name}” is too large: ${fileSize(bytes)}. The limit is ${fileSize(maxFileBytes)}.`
}

function refused(words: string): Prepared {
  return { kind: 'refused', words }
}

import path from 'node:path'
import { sniffImage } from '@fastchat/client-core'
import { byteCount } from '../text/byte-count.ts'
import { readChosenFile } from './chosen-file.ts'
import type { Prepared } from './prepare-image.ts'

/** Only what helps a receiver to see what it may be; nobody has to believe it. */
const types: { readonly [Extension in string]?: string } = {
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.zip': 'application/zip',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
}

/** A file as it is sent by `/file`: byte for byte as it lies there. */
export async function prepareFile(typed: string): Promise<Prepared> {
  const { name, bytes } = await readChosenFile(typed)
  const image = sniffImage(bytes)
  const type = image?.type ?? types[path.extname(name).toLowerCase()] ?? 'application/octet-stream'
  const kept = image === undefined ? 'as it is' : 'as it is, with where it was taken if it says so'
  return { file: { data: bytes, name, type }, note: `${byteCount(bytes.length)}, ${kept}` }
}

import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { safeFileName, sniffImage } from '@fastchat/client-core'
import { Failure } from '../failure.ts'

const mostNumbers = 99

export interface FileToSave {
  readonly bytes: Uint8Array
  /** What the sender calls it. */
  readonly name: string
}

/**
 * Writes a new file and returns its path. The name is made safe and the kind is told by the bytes;
 * nothing that exists is touched, whether file, folder or link.
 */
export async function saveFile(folder: string, { bytes, name }: FileToSave): Promise<string> {
  const safe = safeFileName(name, sniffImage(bytes)?.type ?? '')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const candidate of candidates(safe)) {
    const file = path.join(folder, candidate)
    if (await write(file, bytes)) return file
  }
  throw new Failure('failed', `There are too many files like ${safe} in ${folder}. Move some away.`)
}

function* candidates(name: string): Generator<string> {
  const { name: stem, ext } = path.parse(name)
  yield name
  for (let number = 1; number <= mostNumbers; number++) yield `${stem} (${number})${ext}`
  yield `${stem} ${randomUUID()}${ext}`
}

/** False, and nothing is touched, if something has this name. */
async function write(file: string, bytes: Uint8Array): Promise<boolean> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' || error.code === 'ELOOP') return undefined
      throw error
    },
  )
  if (handle === undefined) return false
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (error) {
    // Half a file would pass for the whole.
    await rm(file, { force: true })
    throw error
  } finally {
    await handle.close()
  }
  return true
}

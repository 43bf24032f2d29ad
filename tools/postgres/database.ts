import path from 'node:path'
import { startPostgres } from '../postgres.ts'

const lookEveryMs = 1000

export type Database = {
  readonly url: string
  close(): Promise<void>
}

/** The operator's own database when one is given; else the packaged PostgreSQL, kept running until `close`. */
export async function openDatabase(
  options: { readonly dataFolder: string; readonly databaseUrl: string | undefined },
  say: (line: string) => void,
): Promise<Database> {
  if (options.databaseUrl !== undefined) return { url: options.databaseUrl, close: async () => {} }

  const dataFolder = path.join(options.dataFolder, 'postgres')
  const postgres = await startPostgres({ dataFolder })
  const isElsewhere = path.dirname(postgres.cluster) !== dataFolder
  say(`PostgreSQL is up${isElsewhere ? `, with its files in ${postgres.cluster}` : ''}.`)
  let closed = false
  let look: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    look = look.then(lookAfter)
  }, lookEveryMs)

  async function lookAfter(): Promise<void> {
    if (closed || (await postgres.pid()) !== undefined) return
    say('PostgreSQL died; starting it again.')
    try {
      await startPostgres({ dataFolder })
      say('PostgreSQL is back.')
    } catch (error) {
      say(error instanceof Error ? error.message : 'PostgreSQL did not start.')
    }
  }

  return {
    url: postgres.url,
    async close() {
      closed = true
      clearInterval(timer)
      await look
      await postgres.stop()
    },
  }
}

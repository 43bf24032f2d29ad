import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, link, open, readFile, rm } from 'node:fs/promises'
import * as opaque from '@serenity-kit/opaque'

/**
 * Makes the file with the secrets that must not lie in the database, unless it is there: a copy of the database alone is then
 * useless for guessing passwords. Losing the file means that nobody can sign in with a password any more.
 */
export async function ensureSecretFile(file: string): Promise<void> {
  if (await isIntact(file)) return
  await opaque.ready
  const secrets = {
    secret: randomBytes(32).toString('base64url'),
    opaqueServerSetup: opaque.server.createSetup(),
  }
  // Complete before it has its name, and never in place of one that another start made meanwhile.
  const unfinished = `${file}.${randomUUID()}`
  const handle = await open(unfinished, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(secrets)}\n`)
    await handle.sync()
    await link(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await handle.close()
    await rm(unfinished, { force: true })
  }
}

/** False when there is none; a damaged one is an error, because a new one would lock everybody out for good. */
async function isIntact(file: string): Promise<boolean> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const secrets = parse(text)
  if (typeof secrets?.secret !== 'string' || typeof secrets.opaqueServerSetup !== 'string')
    throw new Error(`The secret file ${file} is damaged. Put a backup of it in its place.`)
  await chmod(file, 0o600)
  return true
}

function parse(text: string): { secret?: unknown; opaqueServerSetup?: unknown } | undefined {
  try {
    return JSON.parse(text)
  } catch {
    // Not even the parser's message may be shown: it quotes the text.
    return undefined
  }
}

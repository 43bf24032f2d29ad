import { openConnected } from '../account/open-connected.ts'
import type { ChatClient } from '../client.ts'
import { findFile } from '../commands/files/find-file.ts'
import { fileDesk } from '../images/file-desk.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'
import { showProgress } from './progress-bar.ts'

const quietMs = 700
const mostMs = 5_000

interface SaveRequest {
  readonly name: string
  readonly number: string | undefined
  readonly options: GlobalOptions
}

/** `fastchat save`: a file that came, in the download folder. Prints where it lies now. */
export async function saveOnce(
  terminal: Terminal,
  { name, number, options }: SaveRequest,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openConnected(terminal, settings)
  const { client } = open
  await untilQuiet(client)
  const message = await findFile({ client, open: undefined }, [name, number])
  const stopProgress = showProgress(client, terminal, settings)
  const desk = fileDesk({ client, env: terminal.env, protocol: 'none' })
  const path = await desk.save(message).finally(stopProgress)
  const { id, from } = message
  terminal.output.write(`${settings.isJson ? safeJson({ id, from, path }) : safeLine(path)}\n`)
}

/**
 * What waited at the servers arrives right after the client has connected, and one of those may be
 * the newest: so not before nothing more has come for a moment.
 */
async function untilQuiet(client: ChatClient): Promise<void> {
  const atMost = AbortSignal.timeout(mostMs)
  while (!atMost.aborted) {
    const { promise: next, resolve: come } = Promise.withResolvers<'came' | 'quiet'>()
    const stop = client.on('message', () => come('came'))
    const quiet = AbortSignal.any([atMost, AbortSignal.timeout(quietMs)])
    quiet.addEventListener('abort', () => come('quiet'))
    if ((await next.finally(stop)) === 'quiet') return
  }
}

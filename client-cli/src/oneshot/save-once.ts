import { openConnected } from '../account/open-connected.ts'
import { findFile } from '../commands/files/find-file.ts'
import { fileDesk } from '../images/file-desk.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'
import { showProgress } from './progress-bar.ts'

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
  const message = await findFile({ client, open: undefined }, [name, number])
  const stopProgress = showProgress(client, terminal, settings)
  const desk = fileDesk({ client, env: terminal.env, protocol: 'none' })
  const path = await desk.save(message).finally(stopProgress)
  const { id, from } = message
  terminal.output.write(`${settings.isJson ? safeJson({ id, from, path }) : safeLine(path)}\n`)
}

import { openConnected } from '../account/open-connected.ts'
import { findPlace } from '../commands/find-place.ts'
import type { Exit } from '../exit-codes.ts'
import type { FileRequest } from '../images/file-desk.ts'
import type { FileOptions, GlobalOptions, SendOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeLine } from '../text/safe-text.ts'
import { exitOfState } from './exit-of-state.ts'
import { report, waitFor, watchStates } from './follow-message.ts'
import { showProgress } from './progress-bar.ts'

interface SendFileRequest {
  readonly name: string
  readonly path: string
  readonly as: FileRequest['as']
  readonly options: GlobalOptions & SendOptions & FileOptions
}

/** `fastchat image` and `fastchat file`: one file, and an exit code that says what became of it. */
export async function sendFileOnce(
  terminal: Terminal,
  { name, path, as, options }: SendFileRequest,
): Promise<Exit> {
  const settings = settingsFrom(options, terminal)
  // First: what cannot be sent is refused without asking for a password.
  const { file, note } = await prepared(path, as)
  await using open = await openConnected(terminal, settings, { patienceMs: options.timeout })
  const { client } = open
  const watch = watchStates(client)
  const stopProgress = showProgress(client, terminal, settings)
  const place = await findPlace(client, name)
  const captioned = options.caption === undefined ? file : { ...file, caption: options.caption }
  const { id } = await client.sendFile(place.to, captioned)
  const state = await waitFor(watch, id, options, terminal.interrupted)
  stopProgress()
  if (!settings.isJson) terminal.talk.write(`${safeLine(`${file.name}: ${note}`)}\n`)
  const facts = { file: { name: file.name, type: file.type, size: file.data.length } }
  report(terminal, settings, {
    id,
    to: place.title,
    state,
    serverNowMs: client.serverNowMs,
    facts,
  })
  return exitOfState(state, options.wait)
}

async function prepared(path: string, as: FileRequest['as']) {
  if (as === 'image') return (await import('../images/prepare-image.ts')).prepareImage(path)
  return (await import('../images/prepare-file.ts')).prepareFile(path)
}

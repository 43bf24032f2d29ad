import { openConnected } from '../account/open-connected.ts'
import { findPlace } from '../commands/find-place.ts'
import type { Exit } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions, SendOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { exitOfState } from './exit-of-state.ts'
import { report, waitFor, watchStates } from './follow-message.ts'
import { readAll } from './read-all.ts'

const mostTextBytes = 64 * 1024

interface SendRequest {
  readonly name: string
  readonly text: readonly string[]
  readonly options: GlobalOptions & SendOptions
}

/** `fastchat send`: one message, and an exit code that says what became of it. */
export async function sendOnce(terminal: Terminal, request: SendRequest): Promise<Exit> {
  const { name, text: words, options } = request
  const settings = settingsFrom(options, terminal)
  const isFromInput = words.length === 0 || (words.length === 1 && words[0] === '-')
  if (words.length === 0 && terminal.input.isTTY === true) {
    throw new Failure('usage', `What should be sent? Try: fastchat send ${name} <text>`)
  }
  const text = isFromInput ? await readAll(terminal.input, mostTextBytes) : words.join(' ')
  if (text.trim() === '') throw new Failure('usage', 'The message is empty. Nothing was sent.')
  const { timeout, wait } = options
  const use = { isInputTaken: isFromInput, patienceMs: timeout }
  await using open = await openConnected(terminal, settings, use)
  const { client } = open
  const watch = watchStates(client)
  const place = await findPlace(client, name)
  const { id } = await client.send(place.to, { text })
  const state = await waitFor(watch, id, options, terminal.interrupted)
  report(terminal, settings, { id, to: place.title, state, serverNowMs: client.serverNowMs })
  return exitOfState(state, wait)
}

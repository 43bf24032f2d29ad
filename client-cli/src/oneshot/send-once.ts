import { openConnected } from '../account/open-connected.ts'
import { isOnItsWay, isSettled } from '../chat/send-progress.ts'
import type { ChatClient, SendState } from '../client.ts'
import { findPlace } from '../commands/find-place.ts'
import type { Exit } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions, SendOptions } from '../program.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { explainState } from '../text/explain-state.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'
import { paintState, stateWords } from '../text/send-state-words.ts'
import { exitOfState } from './exit-of-state.ts'
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

interface StateWatch {
  readonly last: Map<string, SendState>
  changed(): Promise<void>
}

/** From before the message is made: its first states may be told before its id is known. */
function watchStates(client: Pick<ChatClient, 'on'>): StateWatch {
  const last = new Map<string, SendState>()
  let wake = (): void => {}
  client.on('delivery', ({ id, state }) => {
    last.set(id, state)
    wake()
  })
  return {
    last,
    changed: () =>
      new Promise((resolve) => {
        wake = resolve
      }),
  }
}

/** The state once it is as far as was asked for, or as far as it came in the time. */
async function waitFor(
  watch: StateWatch,
  id: string,
  { wait, timeout }: SendOptions,
  interrupted: AbortSignal,
): Promise<SendState> {
  const stop = AbortSignal.any([interrupted, AbortSignal.timeout(timeout)])
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()))
  for (;;) {
    const state = watch.last.get(id) ?? { kind: 'queued' }
    const isEnough = wait === 'stored' ? !isOnItsWay(state) : isSettled(state)
    if (isEnough || stop.aborted) return state
    await Promise.race([watch.changed(), stopped])
  }
}

interface Report {
  readonly id: string
  readonly to: string
  readonly state: SendState
  readonly serverNowMs: number
}

function report(
  terminal: Terminal,
  settings: Settings,
  { id, to, state, serverNowMs }: Report,
): void {
  if (settings.isJson) {
    terminal.output.write(`${safeJson({ id, to, ...stateJson(state) })}\n`)
    return
  }
  const words = paintState(stateWords(state, settings.marks, serverNowMs), settings.paint)
  terminal.talk.write(`${`${words}. ${explainState(state, safeLine(to))}`.trimEnd()}\n`)
}

function stateJson(state: SendState) {
  const { kind, ...facts } = state
  if (!('expiresAtMs' in facts)) return { state: kind, ...facts }
  const { expiresAtMs, ...rest } = facts
  return { state: kind, ...rest, expiresAt: new Date(expiresAtMs).toISOString() }
}

import { isOnItsWay, isSettled } from '../chat/send-progress.ts'
import type { ChatClient, SendState } from '../client.ts'
import type { SendOptions } from '../program.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { explainState } from '../text/explain-state.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'
import { paintState, stateWords } from '../text/send-state-words.ts'

export interface StateWatch {
  readonly last: Map<string, SendState>
  changed(): Promise<void>
}

/** From before the message is made: its first states may be told before its id is known. */
export function watchStates(client: Pick<ChatClient, 'on'>): StateWatch {
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
export async function waitFor(
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

export interface Report {
  readonly id: string
  readonly to: string
  readonly state: SendState
  readonly serverNowMs: number
  /** What else a script may want to know. */
  readonly facts?: object
}

export function report(
  terminal: Terminal,
  settings: Settings,
  { id, to, state, serverNowMs, facts = {} }: Report,
): void {
  if (settings.isJson) {
    terminal.output.write(`${safeJson({ id, to, ...facts, ...stateJson(state) })}\n`)
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

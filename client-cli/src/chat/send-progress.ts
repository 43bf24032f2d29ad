import type { SendState } from '../client.ts'

/** No server has it yet. */
export function isOnItsWay({ kind }: SendState): boolean {
  return kind === 'queued' || kind === 'encrypting' || kind === 'sending'
}

/** It will not change any more without the person. */
export function isSettled(state: SendState): boolean {
  return !isOnItsWay(state) && state.kind !== 'stored'
}

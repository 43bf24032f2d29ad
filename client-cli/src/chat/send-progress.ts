import type { SendState } from '../client.ts'

const onItsWay: readonly SendState['kind'][] = ['queued', 'uploading', 'encrypting', 'sending']

/** No server has it yet. */
export function isOnItsWay({ kind }: SendState): boolean {
  return onItsWay.includes(kind)
}

/** It will not change any more without the person. */
export function isSettled(state: SendState): boolean {
  return !isOnItsWay(state) && state.kind !== 'stored'
}

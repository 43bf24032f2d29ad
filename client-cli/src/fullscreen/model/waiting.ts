import { isOnItsWay } from '../../chat/send-progress.ts'
import type { ScreenState } from './state.ts'

/** Own messages that wait at the servers, and those that no server has yet. */
export interface Waiting {
  readonly count: number
  /** When the servers delete the next of them, on their clock. */
  readonly nextExpiryMs: number | undefined
  readonly queued: number
}

/** Of one conversation, or of all. */
export function waitingOf({ pending }: ScreenState, conversation?: string): Waiting {
  let count = 0
  let queued = 0
  let nextExpiryMs: number | undefined
  for (const { conversation: key, state } of pending.values()) {
    if (conversation !== undefined && key !== conversation) continue
    if (isOnItsWay(state)) queued += 1
    if (state.kind !== 'stored') continue
    count += 1
    nextExpiryMs = Math.min(nextExpiryMs ?? state.expiresAtMs, state.expiresAtMs)
  }
  return { count, nextExpiryMs, queued }
}

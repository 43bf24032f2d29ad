import type { ChatErrorCode, SendState } from '@fastchat/client-core'
import { countdown } from './durations.ts'

export type Mark = 'clock' | 'ring' | 'tick' | 'ticks' | 'cross' | 'alert' | 'question'
export type Tone = 'quiet' | 'stored' | 'delivered' | 'expired'

export interface StateWords {
  readonly mark: Mark
  readonly tone: Tone
  readonly words: string
  /** What the person can do about it. */
  readonly action?: 'send-again' | 'retry' | 'review-key'
}

export interface Circumstances {
  /** Whom the message is for. */
  readonly to: string
  readonly isGroup: boolean
  /** The time of the servers. */
  readonly nowMs: number
  readonly isConnected: boolean
}

const onTheWay: readonly SendState['kind'][] = ['encrypting', 'uploading', 'sending']

/** How far a message has come: a shape, a word and a colour. */
export function stateWords(
  state: SendState,
  { to, isGroup, nowMs, isConnected }: Circumstances,
): StateWords {
  // Nothing goes anywhere without a server; what had begun is begun again when there is one.
  if (!isConnected && onTheWay.includes(state.kind)) {
    return { mark: 'clock', tone: 'quiet', words: 'Queued' }
  }
  switch (state.kind) {
    case 'queued':
      return { mark: 'clock', tone: 'quiet', words: 'Queued' }
    case 'encrypting':
      return { mark: 'clock', tone: 'quiet', words: 'Encrypting' }
    case 'sending':
      return { mark: 'clock', tone: 'quiet', words: 'Sending' }
    case 'uploading':
      return { mark: 'clock', tone: 'quiet', words: uploadWords(state) }
    case 'held':
      return {
        mark: 'alert',
        tone: 'expired',
        words: `Not sent: the key of ${isGroup ? 'a member' : to} changed`,
        action: 'review-key',
      }
    case 'stored': {
      const left = countdown(state.expiresAtMs - nowMs)
      return state.delivered > 0
        ? { mark: 'ring', tone: 'stored', words: `${count(state, isGroup)} · ${left} left` }
        : { mark: 'ring', tone: 'stored', words: `Stored · deleted in ${left} unless fetched` }
    }
    case 'delivered':
      return { mark: 'ticks', tone: 'delivered', words: isGroup ? 'Delivered to all' : 'Delivered' }
    case 'partly-delivered':
      return { mark: 'tick', tone: 'stored', words: count(state, isGroup) }
    case 'expired':
      return {
        mark: 'cross',
        tone: 'expired',
        words: 'Expired undelivered',
        action: 'send-again',
      }
    case 'failed':
      return {
        mark: 'alert',
        tone: 'expired',
        words: `Failed: ${reasons[state.reason] ?? 'the server refused it'}`,
        action: 'retry',
      }
    case 'outcome-unknown':
      return { mark: 'question', tone: 'quiet', words: 'Outcome unknown: away for too long' }
  }
}

function uploadWords({ done, of }: { readonly done: number; readonly of: number }): string {
  return done === 0 ? 'Encrypting' : `Uploading ${Math.round((100 * done) / of)} %`
}

function count(state: { readonly delivered: number; readonly of: number }, isGroup: boolean) {
  return `${state.delivered} of ${state.of} ${isGroup ? '' : 'devices '}delivered`
}

const reasons: { readonly [Code in ChatErrorCode]?: string } = {
  NOT_FOUND: 'there is nobody of that name',
  NO_DEVICES: 'the other side has no device that could read it',
  MAILBOX_FULL: 'the mailbox of the other side is full',
  PAYLOAD_TOO_LARGE: 'it is too large',
  UNTRUSTED_ANSWER: 'the keys that the server gave do not hold',
  FORBIDDEN: 'you may not write here any more',
}

import type { SendState } from '../client.ts'
import { countdown } from './duration.ts'
import type { Marks } from './marks.ts'
import type { Paint, Tone } from './style.ts'

export interface StateWords {
  readonly mark: string
  readonly words: string
  readonly tone: Tone
}

/** How far a message has come, in a mark, a word and a colour. `nowMs` is the time of the server. */
export function stateWords(state: SendState, marks: Marks, nowMs: number): StateWords {
  switch (state.kind) {
    case 'queued':
      return { mark: marks.sending, words: 'queued', tone: 'quiet' }
    case 'uploading': {
      const percent = Math.floor((100 * state.done) / state.of)
      return { mark: marks.sending, words: `uploading ${percent} %`, tone: 'quiet' }
    }
    case 'encrypting':
    case 'sending':
      return { mark: marks.sending, words: 'sending', tone: 'quiet' }
    case 'held':
      return { mark: marks.failed, words: 'not sent', tone: 'bad' }
    case 'stored': {
      const part = state.of > 1 ? `${state.delivered}/${state.of} ` : ''
      const left = countdown(state.expiresAtMs - nowMs)
      return { mark: marks.stored, words: `stored ${part}${left}`, tone: 'waiting' }
    }
    case 'delivered':
      return { mark: marks.delivered, words: 'delivered', tone: 'good' }
    case 'partly-delivered':
      return {
        mark: marks.delivered,
        words: `delivered ${state.delivered}/${state.of}`,
        tone: 'waiting',
      }
    case 'expired':
      return { mark: marks.expired, words: 'expired', tone: 'bad' }
    case 'failed':
      return { mark: marks.failed, words: 'failed', tone: 'bad' }
    case 'outcome-unknown':
      return { mark: '?', words: 'unknown', tone: 'waiting' }
  }
}

export function paintState({ mark, words, tone }: StateWords, paint: Paint): string {
  return paint(tone, `${mark} ${words}`)
}

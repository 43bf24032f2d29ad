import type { SendState } from '../client.ts'

/** What happened or happens next, where a mark and a word do not say enough. Empty where they do. */
export function explainState(state: SendState, to: string): string {
  switch (state.kind) {
    case 'queued':
    case 'uploading':
    case 'encrypting':
    case 'sending':
      return 'No server has it yet. It is kept, and sent when this profile is used next.'
    case 'held':
      return `The key of ${to} changed, so nothing is sent to ${to}. Ask ${to} why, then: /trust ${to}`
    case 'stored':
      return `Deleted at 0:00 unless ${to} fetches it.`
    case 'delivered':
      return ''
    case 'partly-delivered':
      return `${state.delivered} of ${state.of} devices have it; the others did not fetch it in time.`
    case 'expired':
      return `${to} did not fetch it in time; it is deleted. Send it again when ${to} is there.`
    case 'failed':
      return `Nothing was stored: ${reasons[state.reason] ?? `the server refused it (${state.reason})`}.`
    case 'outcome-unknown':
      return 'This device was away too long: no server knows any more what became of it.'
  }
}

const reasons: { readonly [Code in string]?: string } = {
  NOT_FOUND: 'there is nobody of that name',
  NO_DEVICES: 'the other person has no device that could read it',
  MAILBOX_FULL: 'the mailbox of the other person is full',
  PAYLOAD_TOO_LARGE: 'it is too long',
  UNTRUSTED_ANSWER: 'the keys that the server gave do not hold',
}

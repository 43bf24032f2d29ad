import { isOnItsWay } from '../chat/send-progress.ts'
import type { SendState } from '../client.ts'
import type { Exit } from '../exit-codes.ts'
import type { SendOptions } from '../program.ts'

/** What the end of `fastchat send` says of the message. */
export function exitOfState(state: SendState, wait: SendOptions['wait']): Exit {
  if (isOnItsWay(state)) return 'unreachable'
  switch (state.kind) {
    case 'delivered':
      return 'ok'
    case 'stored':
    case 'partly-delivered':
      return wait === 'stored' ? 'ok' : 'not-delivered'
    case 'held':
      return 'untrusted'
    case 'expired':
      return 'expired'
    case 'outcome-unknown':
      return 'not-delivered'
    default:
      return 'failed'
  }
}

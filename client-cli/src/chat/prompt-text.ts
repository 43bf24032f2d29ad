import type { SendState } from '../client.ts'
import { safeLine } from '../text/safe-text.ts'
import { stateWords } from '../text/send-state-words.ts'
import type { Look } from './message-lines.ts'

export interface Status {
  /** The conversation plain text goes to. */
  readonly open: string | undefined
  readonly isConnected: boolean
  /** Messages that no server has yet. */
  readonly queued: number
  /** The newest message that waits at a server, and how many do. */
  readonly waiting: Extract<SendState, { kind: 'stored' }> | undefined
  readonly waitingCount: number
  /** Messages that arrived in conversations that are not open, by person. */
  readonly unread: ReadonlyMap<string, number>
}

/** What stands left of the cursor: the state of things in a few words, then where text goes. */
export function promptText(status: Status, { marks, paint }: Look, nowMs: number): string {
  const parts: string[] = []
  if (!status.isConnected) {
    const queued = status.queued === 0 ? '' : `, ${status.queued} queued`
    parts.push(paint('bad', `${marks.down} offline${queued}`))
  }
  if (status.waiting !== undefined) {
    const { mark, words, tone } = stateWords(status.waiting, marks, nowMs)
    const more = status.waitingCount > 1 ? ` (${status.waitingCount})` : ''
    parts.push(paint(tone, `${mark} ${words.replace('stored ', '')}${more}`))
  }
  const unread = [...status.unread].filter(([name]) => name !== status.open)
  if (unread.length > 0) {
    const [first] = unread
    const others = unread.length > 1 ? ` +${unread.length - 1}` : ''
    parts.push(paint('accent', `${safeLine(first?.[0] ?? '')} ${first?.[1]}${others}`))
  }
  const summary = parts.length === 0 ? '' : `[${parts.join(', ')}] `
  return `${summary}${status.open === undefined ? '' : `${safeLine(status.open)} `}${marks.prompt} `
}

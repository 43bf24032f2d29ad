import { utf8 } from '../crypto/bytes.ts'
import { ChatError } from '../errors.ts'
import { addressOf } from './addressing.ts'
import type { ChatEvents } from './chat-events.ts'
import type { Emitter } from './emitter.ts'
import { encodeText, type TextContent } from './message-content.ts'
import { type ChatMessage, messageView } from './message-view.ts'
import { sealAgain } from './send-file.ts'
import { isFinal, type SendState } from './send-state.ts'
import type { Session } from './session.ts'

const maxTextBytes = 32 * 1024

/** Checks what a person wants to send and hands it to the outbox. */
export async function sendText(
  session: Session,
  to: string,
  content: TextContent,
): Promise<ChatMessage> {
  const { me, outbox } = session
  const address = await addressOf(session, to)
  checkText(content)
  const record = await outbox.add({ ...address, kind: 'text', content: encodeText(content) })
  return messageView(record, me.user)
}

export async function sendAgain(session: Session, id: string): Promise<ChatMessage> {
  const { me, outbox, timeline } = session
  const instead = await timeline.own(id)
  if (instead?.state === undefined) throw notSent()
  if (instead.state.kind !== 'failed' && instead.state.kind !== 'expired') {
    throw new ChatError('CONFLICT', 'This message may still arrive. Wait for its outcome.')
  }
  const { conversation, kind, content } = instead
  const address = await addressOf(session, (await timeline.peerOf(conversation)) ?? conversation)
  if (kind === 'unreadable' || kind === 'group-change') throw notSent()
  const anew = kind === 'file' ? await sealAgain(session, instead) : { content }
  return messageView(await outbox.add({ ...address, kind, instead, ...anew }), me.user)
}

/** Resolves with the final state, or rejects with `whenClosed`. */
export async function settled(
  { timeline }: Session,
  events: Emitter<ChatEvents>,
  whenClosed: Promise<never>,
  id: string,
): Promise<SendState> {
  const { promise, resolve } = Promise.withResolvers<SendState>()
  // Before the look at the record, so that what changes in between is not missed.
  const stop = events.on('delivery', (news) => {
    if (news.id === id && isFinal(news.state)) resolve(news.state)
  })
  try {
    const state = (await timeline.own(id))?.state
    if (state === undefined) throw notSent()
    return isFinal(state) ? state : await Promise.race([promise, whenClosed])
  } finally {
    stop()
  }
}

function checkText({ text }: TextContent): void {
  if (text === '') {
    throw new ChatError('BAD_USER_INPUT', 'The message is empty. Write something.')
  }
  if (utf8(text).length > maxTextBytes) {
    throw new ChatError('PAYLOAD_TOO_LARGE', 'The message is too long. Shorten or split it.', {
      limit: maxTextBytes,
    })
  }
}

export function notSent(): ChatError {
  return new ChatError('NOT_FOUND', 'This device has not sent such a message.')
}

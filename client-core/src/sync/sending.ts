import type { Username } from '../brands.ts'
import { utf8 } from '../crypto/bytes.ts'
import { directConversation } from '../crypto/conversation.ts'
import { ChatError } from '../errors.ts'
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
  { me, outbox }: Session,
  peer: Username,
  content: TextContent,
): Promise<ChatMessage> {
  if (peer === me.user) {
    throw new ChatError('BAD_USER_INPUT', 'This is your own name. Choose somebody to write to.')
  }
  checkText(content)
  const record = await outbox.add({
    conversation: directConversation(me.user, peer),
    peer,
    kind: 'text',
    content: encodeText(content),
  })
  return messageView(record, me.user)
}

export async function sendAgain(session: Session, id: string): Promise<ChatMessage> {
  const { me, outbox, timeline } = session
  const instead = await timeline.own(id)
  const peer = instead && (await timeline.peerOf(instead.conversation))
  if (instead?.state === undefined || peer === undefined) throw notSent()
  if (instead.state.kind !== 'failed' && instead.state.kind !== 'expired') {
    throw new ChatError('CONFLICT', 'This message may still arrive. Wait for its outcome.')
  }
  const { conversation, kind, content } = instead
  if (kind === 'unreadable' || kind === 'group-change') throw notSent()
  const anew = kind === 'file' ? await sealAgain(session, instead) : { content }
  return messageView(await outbox.add({ conversation, peer, kind, instead, ...anew }), me.user)
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

import type { Bytes } from '../brands.ts'
import { utf8 } from '../crypto/bytes.ts'
import { createMessageId } from '../crypto/ids.ts'
import { sealFile } from '../crypto/sealed-file.ts'
import { ChatError } from '../errors.ts'
import { addressOf } from './addressing.ts'
import {
  decodeFile,
  encodeFile,
  type FileWords,
  maxDimension,
  maxNameLength,
  maxTypeLength,
} from './file-content.ts'
import { maxFileBytes } from './file-limits.ts'
import { storedFile } from './file-store.ts'
import { type ChatMessage, messageView } from './message-view.ts'
import type { MessageRecord } from './records.ts'
import type { Session } from './session.ts'

export interface FileToSend {
  /** What leaves. A picture is encoded anew before, so that it says nothing of where it was taken. */
  readonly data: Uint8Array
  readonly name: string
  /** A MIME type: `image/png`. */
  readonly type: string
  readonly caption?: string
  /** In pixels, so that a face can make room before the picture is there. */
  readonly width?: number
  readonly height?: number
}

const maxCaptionBytes = 8 * 1024

/** Checks what a person wants to send, seals it, and hands it to the outbox with its message. */
export async function sendFile(
  session: Session,
  to: string,
  { data, caption = '', width = 0, height = 0, name, type }: FileToSend,
): Promise<ChatMessage> {
  const { me, outbox } = session
  const words = { name, type, caption, width, height }
  check(data, words)
  // Now: whoever called may use the bytes for something else while this waits.
  const own = new Uint8Array(data)
  const address = await addressOf(session, to)
  const { content, chunks } = await sealed(session, own, words)
  const record = await outbox.add({ ...address, kind: 'file', content, chunks })
  return messageView(record, me.user)
}

/** The same file under another id and key: a key seals one file only, and an id is sent only once. */
export async function sealAgain(session: Session, message: MessageRecord) {
  const file = decodeFile(message.content)
  const data = file && (await storedFile(session.store, message, file.secret))
  if (file === undefined || data === undefined) {
    throw new ChatError('NOT_FOUND', 'The file is no longer here. Choose it again.')
  }
  return sealed(session, data, file)
}

async function sealed({ serverClock }: Session, data: Bytes, words: FileWords) {
  const fileId = createMessageId(Math.max(0, Math.floor(serverClock.nowMs())), null)
  const { secret, chunks } = await sealFile(fileId, data)
  const { name, type, caption, width, height } = words
  return { content: encodeFile({ secret, name, type, caption, width, height }), chunks }
}

function check(data: Uint8Array, { name, type, caption, width, height }: FileWords): void {
  if (data.length === 0) {
    throw new ChatError('BAD_USER_INPUT', 'The file is empty. Choose another.')
  }
  if (data.length > maxFileBytes) {
    throw new ChatError('PAYLOAD_TOO_LARGE', 'The file is too large. Choose one up to 10 MiB.', {
      limit: maxFileBytes,
    })
  }
  if (utf8(caption).length > maxCaptionBytes) {
    throw new ChatError('PAYLOAD_TOO_LARGE', 'The caption is too long. Shorten it.', {
      limit: maxCaptionBytes,
    })
  }
  const isSized = [width, height].every((size) => {
    return Number.isInteger(size) && size >= 0 && size <= maxDimension
  })
  if (name === '' || name.length > maxNameLength || type.length > maxTypeLength || !isSized) {
    throw new ChatError('BAD_USER_INPUT', 'Name, type or size of the file has no usable form.')
  }
}

import type { Message, SendState } from '../client.ts'
import { fileText } from '../images/file-text.ts'
import type { ShownMessage } from './message-lines.ts'

/** Said in place of a text that cannot be shown. Its like in a real message harms nobody. */
const unsupported = '(written by a newer FastChat; update to read it)'
const unreadable = '(a message that could not be read)'

export function shownMessage(message: Message, state: SendState | undefined): ShownMessage {
  const at = new Date(message.sentAtMs)
  if (message.kind === 'unreadable') return { at, from: undefined, text: unreadable }
  const { from, isMine, peer } = message
  return {
    at,
    from,
    text: textOf(message),
    ...(isMine && { to: peer }),
    ...(state !== undefined && { state }),
  }
}

export function textOf(message: Message): string {
  switch (message.kind) {
    case 'text':
      return message.text
    case 'file':
      return fileText(message.file)
    case 'unsupported':
      return unsupported
    case 'unreadable':
      return unreadable
  }
}

export function stateOf(message: Message): SendState | undefined {
  return message.kind === 'unreadable' ? undefined : message.state
}

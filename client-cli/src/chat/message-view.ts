import type { Message, SendState } from '../client.ts'
import { fileText } from '../images/file-text.ts'
import type { ShownMessage } from './message-lines.ts'

/** Said in place of a text that cannot be shown. Its like in a real message harms nobody. */
const unsupported = '(written by a newer FastChat; update to read it)'
const unreadable = '(a message that could not be read)'

/** True of what somebody said: not of what nobody has proven, nor of what this device notes itself. */
export function isSaid(message: Message): message is Extract<Message, { readonly from: string }> {
  return 'from' in message
}

export function shownMessage(message: Message, state: SendState | undefined): ShownMessage {
  const at = new Date(message.sentAtMs)
  if (!isSaid(message)) return { at, from: undefined, text: textOf(message) }
  const { from, isMine, peer } = message
  return {
    at,
    from,
    text: textOf(message),
    ...(isMine && peer !== undefined && { to: peer }),
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
    case 'group-change':
      return `(${[message.by, message.action, ...message.subjects].join(' ')})`
  }
}

export function stateOf(message: Message): SendState | undefined {
  return isSaid(message) ? message.state : undefined
}

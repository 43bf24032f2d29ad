import type { Message, SendState } from '../client.ts'
import { fileText } from '../images/file-text.ts'
import { groupChangeText } from './group-change-text.ts'
import type { ShownMessage } from './message-lines.ts'

/** Said in place of a text that cannot be shown. Its like in a real message harms nobody. */
const unsupported = '(written by a newer FastChat; update to read it)'
const unreadable = '(a message that could not be read)'

/** True of what somebody said: not of what nobody has proven, nor of what this device notes itself. */
export function isSaid(message: Message): message is Extract<Message, { readonly from: string }> {
  return 'from' in message
}

/** `title` is what the conversation is called. */
export function shownMessage(
  message: Message,
  state: SendState | undefined,
  title: string,
): ShownMessage {
  const at = new Date(message.sentAtMs)
  if (message.kind === 'group-change') return { at, from: title, text: textOf(message) }
  if (!isSaid(message)) return { at, from: undefined, text: textOf(message) }
  const { from, isMine, peer } = message
  return {
    at,
    from: peer === undefined ? `${from} ${title}` : from,
    text: textOf(message),
    ...(isMine && { to: title }),
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
      return groupChangeText(message)
  }
}

export function stateOf(message: Message): SendState | undefined {
  return isSaid(message) ? message.state : undefined
}

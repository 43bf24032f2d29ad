import type { ChatMessage } from '@fastchat/client-core'
import { tameLine } from '#lib/text/tame-text.ts'

/** A message in one line: for a list, and to be read out. */
export function summaryOf(message: ChatMessage): string {
  switch (message.kind) {
    case 'text':
      return tameLine(message.text.slice(0, 200))
    case 'unsupported':
      return 'A message this version cannot show'
    case 'unreadable':
      return 'A message that could not be read'
    default:
      return ''
  }
}

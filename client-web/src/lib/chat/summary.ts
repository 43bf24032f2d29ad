import type { ChatMessage } from '@fastchat/client-core'
import { changeWords } from '#lib/text/change-words.ts'
import { tameLine } from '#lib/text/tame-text.ts'

/** A message in one line: for a list, and to be read out. */
export function summaryOf(message: ChatMessage, me: string): string {
  switch (message.kind) {
    case 'text':
      return tameLine(message.text.slice(0, 200))
    case 'file': {
      const { caption, name, type } = message.file
      if (caption !== undefined) return tameLine(caption.slice(0, 200))
      return type.startsWith('image/') ? 'Picture' : `File: ${tameLine(name.slice(0, 80))}`
    }
    case 'group-change':
      return changeWords(message, me)
    case 'unsupported':
      return 'A message this version cannot show'
    case 'unreadable':
      return 'A message that could not be read'
  }
}

import { Failure } from '../failure.ts'
import type { Command } from './command.ts'

export const retry: Command = {
  name: 'retry',
  aliases: ['again'],
  summary: 'Send an expired or failed message again.',
  details: 'The number stands beside the message. Without a number it is the last one.',
  parameters: [{ name: 'number' }],
  async run(_context, [typed]) {
    if (typed === undefined) return { kind: 'retry', number: undefined }
    if (!/^[1-9]\d{0,4}$/.test(typed)) {
      throw new Failure('usage', 'Which message? Give its number, for example /retry 2.')
    }
    return { kind: 'retry', number: Number(typed) }
  },
}

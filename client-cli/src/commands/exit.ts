import type { Command } from './command.ts'

export const exit: Command = {
  name: 'Exit',
  aliases: ['quit', 'q'],
  summary: 'Leave. You stay signed in on this device.',
  parameters: [],
  async run() {
    return { kind: 'exit' }
  },
}

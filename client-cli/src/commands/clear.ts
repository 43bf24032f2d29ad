import type { Command } from './command.ts'

export const clear: Command = {
  name: 'clear',
  aliases: [],
  summary: 'Clear the window. Nothing is deleted.',
  parameters: [],
  async run() {
    return { kind: 'clear' }
  },
}

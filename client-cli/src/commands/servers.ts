import { serverLines } from '../text/server-lines.ts'
import type { Command } from './command.ts'

export const servers: Command = {
  name: 'servers',
  aliases: [],
  summary: 'Show the servers, the fastest first.',
  parameters: [],
  async run({ client }) {
    return { kind: 'print', lines: serverLines(await client.servers()) }
  },
}

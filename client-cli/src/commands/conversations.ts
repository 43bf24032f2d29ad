import { padEnd } from '../text/display-width.ts'
import { clockTime } from '../text/duration.ts'
import type { Command } from './command.ts'
import { groupTitle } from './groups/group-parameter.ts'

export const conversations: Command = {
  name: 'conversations',
  aliases: ['list', 'ls'],
  summary: 'Show your conversations, the latest first.',
  parameters: [],
  async run({ client }) {
    const all = await client.conversations()
    if (all.length === 0) {
      return {
        kind: 'print',
        lines: ['No conversations yet. Begin one with /send <name> <message>'],
      }
    }
    return {
      kind: 'print',
      lines: all.map(({ peer, group, lastAtMs }) => {
        const title = group === undefined ? peer : groupTitle(group)
        return `${padEnd(title ?? 'unreadable messages', 20)}  ${dayAndTime(lastAtMs)}`
      }),
    }
  },
}

function dayAndTime(atMs: number): string {
  const at = new Date(atMs)
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
  return `${day.map((part) => String(part).padStart(2, '0')).join('-')} ${clockTime(at)}`
}

import type { Command } from './command.ts'

export const devices: Command = {
  name: 'devices',
  aliases: [],
  summary: 'Show the devices of your account.',
  parameters: [],
  async run({ client }) {
    const all = await client.devices()
    return {
      kind: 'print',
      lines: [
        ...all.map(({ id, name, isThisOne }) => `${id}  ${name}${isThisOne ? '  (this one)' : ''}`),
        'Lost one? Outside the chat: fastchat revoke <device>',
      ],
    }
  },
}

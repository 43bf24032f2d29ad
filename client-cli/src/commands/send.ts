import { type Command, given } from './command.ts'

export const send: Command = {
  name: 'Send',
  aliases: ['msg', 'm'],
  summary: 'Send a message to somebody.',
  details: 'Without a message it asks for one. Alt+Enter makes a line break.',
  parameters: [
    { name: 'name', question: 'To whom? ', completes: 'account' },
    { name: 'message', question: 'Message? ', takesRest: true },
  ],
  async run(_context, values) {
    return { kind: 'send', to: given(values, 0), text: given(values, 1) }
  },
}

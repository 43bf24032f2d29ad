import { type Command, given } from './command.ts'
import { findPlace } from './find-place.ts'

export const send: Command = {
  name: 'Send',
  aliases: ['msg', 'm'],
  summary: 'Send a message to somebody, or to a #group.',
  details: 'Without a message it asks for one. Alt+Enter makes a line break.',
  parameters: [
    { name: 'name', question: 'To whom? ', completes: 'place' },
    { name: 'message', question: 'Message? ', takesRest: true },
  ],
  async run({ client }, values) {
    const { to } = await findPlace(client, given(values, 0))
    return { kind: 'send', to, text: given(values, 1) }
  },
}

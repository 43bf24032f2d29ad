import { Failure } from '../failure.ts'
import { type Command, given } from './command.ts'
import { findPlace } from './find-place.ts'

export const open: Command = {
  name: 'open',
  aliases: ['o', 'query'],
  summary: 'Open a conversation with somebody or a #group: what you type then goes there.',
  parameters: [{ name: 'name', question: 'With whom? ', completes: 'place' }],
  async run({ client }, values) {
    const name = given(values, 0)
    if (name.startsWith('#')) {
      const { to, title } = await findPlace(client, name)
      return { kind: 'open', name: to, title }
    }
    const person = await client.lookUp(name)
    if (person === null) throw new Failure('failed', `There is nobody called ${name}.`)
    return { kind: 'open', name: person.username, title: person.username }
  },
}

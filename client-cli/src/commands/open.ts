import { Failure } from '../failure.ts'
import { type Command, given } from './command.ts'

export const open: Command = {
  name: 'open',
  aliases: ['o', 'query'],
  summary: 'Open a conversation: what you type then goes there.',
  parameters: [{ name: 'name', question: 'With whom? ', completes: 'account' }],
  async run({ client }, values) {
    const name = given(values, 0)
    const person = await client.lookUp(name)
    if (person === null) throw new Failure('failed', `There is nobody called ${name}.`)
    return { kind: 'open', name: person.username }
  },
}

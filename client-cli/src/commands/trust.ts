import { type Command, given } from './command.ts'

export const trust: Command = {
  name: 'trust',
  aliases: [],
  summary: 'Accept the new key of somebody whose key changed.',
  details:
    'A key changes when somebody starts afresh, or when somebody else poses as them. Ask first.',
  parameters: [{ name: 'name', question: 'Whom? ', completes: 'account' }],
  async run({ client }, values) {
    const name = given(values, 0)
    await client.acceptKey(name)
    return {
      kind: 'print',
      lines: [`The new key of ${name} is accepted. Compare it with /verify ${name}`],
    }
  },
}

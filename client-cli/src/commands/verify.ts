import { type Command, given, type Outcome } from './command.ts'

export const verify: Command = {
  name: 'verify',
  aliases: [],
  summary: 'Show the safety number you share with somebody.',
  details:
    'Read it to each other, by telephone or face to face; both sides see the same. Then add "done".',
  parameters: [{ name: 'name', question: 'Whom? ', completes: 'account' }, { name: 'done' }],
  async run({ client }, values): Promise<Outcome> {
    const name = given(values, 0)
    if (values[1]?.toLowerCase() === 'done') {
      await client.verify(name)
      return {
        kind: 'print',
        lines: [`${name} is verified. If the key ever changes, you are told.`],
      }
    }
    const { digits, qr } = await client.safetyNumber(name)
    return { kind: 'safety-number', name, digits, qr }
  },
}

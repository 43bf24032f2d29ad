import { Failure } from '../failure.ts'
import { type Command, given } from './command.ts'

export const who: Command = {
  name: 'who',
  aliases: ['whois'],
  summary: 'Show whether somebody is on-line and verified.',
  parameters: [{ name: 'name', question: 'Who? ', completes: 'account' }],
  async run({ client }, values) {
    const name = given(values, 0)
    const person = await client.lookUp(name)
    if (person === null) throw new Failure('failed', `There is nobody called ${name}.`)
    const { username, isOnline, isVerified, hasNewKey, devices } = person
    const trust = isVerified
      ? 'verified by you'
      : `not verified yet; compare with /verify ${username}`
    return {
      kind: 'print',
      lines: [
        `${username} is ${isOnline ? 'on-line' : 'off-line'}, ${trust}`,
        ...(hasNewKey
          ? [`The key of ${username} changed. Nothing is sent until /trust ${username}`]
          : []),
        ...devices.map(({ name: deviceName, id }) => `device ${deviceName} (${id})`),
      ],
    }
  },
}

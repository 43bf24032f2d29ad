import { type Command, given } from '../command.ts'
import { groupParameter, groupTitle } from './group-parameter.ts'

export const deleteGroup: Command = {
  name: 'Deletegrp',
  aliases: ['deletegroup', 'group delete'],
  summary: 'Delete a group for everybody. For its admins.',
  details: 'What was said stays on the devices that have it.',
  parameters: [
    groupParameter,
    {
      name: 'name again',
      question: 'It ends for everybody and cannot be brought back. Type its name once more: ',
      takesRest: true,
    },
  ],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    const again = given(values, 1).replace(/^#/, '')
    if (again.toLowerCase() !== group.name.toLowerCase()) {
      const lines = [`That is not its name. ${groupTitle(group)} stays as it is.`]
      return { kind: 'print', lines }
    }
    await client.groups.delete(group.id)
    return { kind: 'print', lines: [`${groupTitle(group)} is deleted.`] }
  },
}

import { type Command, given } from '../command.ts'
import { groupParameter, groupTitle } from './group-parameter.ts'

export const renameGroup: Command = {
  name: 'Renamegrp',
  aliases: ['renamegroup', 'group rename'],
  summary: 'Give a group another name. For its admins.',
  parameters: [groupParameter, { name: 'new name', question: 'What now? ', takesRest: true }],
  async run({ client }, values) {
    const before = await client.groups.find(given(values, 0))
    const after = await client.groups.rename(before.id, given(values, 1).replace(/^#/, ''))
    return { kind: 'print', lines: [`${groupTitle(before)} is called ${groupTitle(after)} now.`] }
  },
}

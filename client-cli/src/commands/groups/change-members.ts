import { type Command, given } from '../command.ts'
import { wordsIn } from '../parse-line.ts'
import { groupParameter, groupTitle, memberParameter } from './group-parameter.ts'

export const addMember: Command = {
  name: 'Addmember',
  aliases: ['addmembers', 'group add'],
  summary: 'Add people to a group. For its admins.',
  parameters: [groupParameter, { ...memberParameter, takesRest: true }],
  async run({ client }, values) {
    const names = wordsIn(given(values, 1))
    const group = await client.groups.find(given(values, 0))
    await client.groups.add(group.id, names)
    return said(
      `${names.join(', ')} can read ${groupTitle(group)} from now on, not what was before.`,
    )
  },
}

export const kick: Command = {
  name: 'kick',
  aliases: ['group kick', 'group remove'],
  summary: 'Remove somebody from a group. For its admins.',
  details: 'It concerns this group only. Nothing that is sent afterwards reaches them.',
  parameters: [groupParameter, memberParameter],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    const name = given(values, 1)
    await client.groups.kick(group.id, name)
    return said(`${name} is out of ${groupTitle(group)}: nothing sent from now on reaches them.`)
  },
}

export const leaveGroup: Command = {
  name: 'Leavegrp',
  aliases: ['leavegroup', 'group leave'],
  summary: 'Leave a group.',
  details: 'The last admin hands over with /Changeadmin first, or deletes the group.',
  parameters: [groupParameter],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    await client.groups.leave(group.id)
    return said(`You have left ${groupTitle(group)}. What was said stays on this device.`)
  },
}

function said(line: string) {
  return { kind: 'print', lines: [line] } as const
}

import { type Command, given } from '../command.ts'
import { groupParameter, groupTitle, memberParameter } from './group-parameter.ts'

export const changeAdmin: Command = {
  name: 'Changeadmin',
  aliases: ['group admin', 'handover'],
  summary: 'Make somebody else the admin of a group in your place.',
  parameters: [groupParameter, memberParameter],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    const name = given(values, 1)
    await client.groups.handOver(group.id, name)
    return said(`${name} is admin of ${groupTitle(group)} now, and you are a member.`)
  },
}

export const promote: Command = {
  name: 'promote',
  aliases: ['group promote'],
  summary: 'Make somebody admin of a group beside you.',
  parameters: [groupParameter, memberParameter],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    const name = given(values, 1)
    await client.groups.promote(group.id, name)
    return said(`${name} is admin of ${groupTitle(group)} too.`)
  },
}

export const demote: Command = {
  name: 'demote',
  aliases: ['group demote'],
  summary: 'Take the rights of an admin from somebody, who stays a member.',
  parameters: [groupParameter, memberParameter],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    const name = given(values, 1)
    await client.groups.demote(group.id, name)
    return said(`${name} is a member of ${groupTitle(group)} like the others.`)
  },
}

function said(line: string) {
  return { kind: 'print', lines: [line] } as const
}

import type { Group } from '../../client.ts'
import { padEnd } from '../../text/display-width.ts'
import { type Command, given } from '../command.ts'
import { groupParameter, groupTitle } from './group-parameter.ts'

export const groups: Command = {
  name: 'groups',
  aliases: ['group', 'group list'],
  summary: 'Show your groups.',
  parameters: [],
  async run({ client }) {
    const all = await client.groups.list()
    const lines =
      all.length === 0 ? ['You are in no group. Make one with /Creategrp <group>'] : groupLines(all)
    return { kind: 'print', lines }
  },
}

export const members: Command = {
  name: 'members',
  aliases: ['group members'],
  summary: 'Show who is in a group.',
  parameters: [groupParameter],
  async run({ client }, values) {
    const group = await client.groups.find(given(values, 0))
    const lines = group.members.map(({ username, isAdmin }) => {
      return isAdmin ? `${username} (admin)` : username
    })
    return { kind: 'print', lines: [...groupLines([group]), ...lines] }
  },
}

const standing: Readonly<Record<Group['state'], string>> = {
  active: '',
  left: ', you have left it',
  kicked: ', you were removed from it',
  deleted: ', deleted',
  untrusted: ', not to be trusted: its changes do not fit together',
}

export function groupLines(all: readonly Group[]): readonly string[] {
  return all.map((group) => {
    const count = group.members.length === 1 ? '1 member' : `${group.members.length} members`
    const rights = group.state === 'active' && group.isAdmin ? ', you are admin' : ''
    return `${padEnd(groupTitle(group), 20)}  ${count}${rights}${standing[group.state]}`
  })
}

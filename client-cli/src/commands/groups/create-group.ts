import { type Command, given } from '../command.ts'
import { wordsIn } from '../parse-line.ts'
import { groupTitle } from './group-parameter.ts'

export const createGroup: Command = {
  name: 'Creategrp',
  aliases: ['creategroup', 'group new'],
  summary: 'Create a group, with you as its admin.',
  details: 'Names of people may follow; others come in with /Addmember.',
  parameters: [
    { name: 'group', question: 'What shall the group be called? ' },
    { name: 'names', completes: 'account', takesRest: true },
  ],
  async run({ client }, values) {
    const name = given(values, 0).replace(/^#/, '')
    const group = await client.groups.create({ name, members: wordsIn(values[1] ?? '') })
    return { kind: 'open', name: group.conversation, title: groupTitle(group) }
  },
}

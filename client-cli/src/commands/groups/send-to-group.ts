import { type Command, given } from '../command.ts'
import { groupParameter } from './group-parameter.ts'

export const sendToGroup: Command = {
  name: 'Sendgrp',
  aliases: ['sendgroup', 'group send'],
  summary: 'Send a message to a group.',
  parameters: [groupParameter, { name: 'message', question: 'Message? ', takesRest: true }],
  async run({ client }, values) {
    const { conversation } = await client.groups.find(given(values, 0))
    return { kind: 'send', to: conversation, text: given(values, 1) }
  },
}

import { Failure } from '../failure.ts'
import { type Command, usageOf } from './command.ts'
import { findCommand, unknownCommand } from './registry.ts'

export const help: Command = {
  name: 'Help',
  aliases: ['?', 'h'],
  summary: 'Show all commands, or how one of them is used.',
  parameters: [{ name: 'command', completes: 'command' }],
  async run({ commands }, [name]) {
    if (name === undefined) return { kind: 'help', lines: overview(commands) }
    const command = findCommand(commands, name.replace(/^\//, ''))
    if (command === undefined) throw new Failure('usage', unknownCommand(commands, name))
    return { kind: 'print', lines: page(command) }
  },
}

function overview(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map((command) => usageOf(command).length))
  return [
    ...commands.map((command) => `${usageOf(command).padEnd(width)}  ${command.summary}`),
    '',
    'Capital letters do not matter. Plain text goes to the open conversation; //text begins with a slash.',
  ]
}

function page(command: Command): readonly string[] {
  const aliases = command.aliases.map((alias) => `/${alias}`).join(' ')
  return [
    usageOf(command),
    command.summary,
    ...(command.details === undefined ? [] : [command.details]),
    ...(aliases === '' ? [] : [`Also: ${aliases}`]),
  ]
}

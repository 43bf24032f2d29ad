import type { Command } from 'commander'
import { buildProgram, type Handlers } from '../program.ts'

export interface OptionDoc {
  readonly flags: string
  readonly description: string
}

export interface CommandDoc {
  readonly usage: string
  readonly description: string
  readonly options: readonly OptionDoc[]
}

export interface CommandLineDocs {
  readonly options: readonly OptionDoc[]
  readonly commands: readonly CommandDoc[]
}

const never = async () => {
  throw new Error('unreachable: the documentation runs no command')
}

const handlers: Handlers = {
  chat: never,
  send: never,
  listen: never,
  signUp: never,
  signIn: never,
  signOut: never,
  devices: never,
  revoke: never,
  servers: never,
  top: never,
  operator: never,
  who: never,
  group: never,
  sendFile: never,
  save: never,
  token: never,
  playground: never,
  completion: never,
  paths: never,
}

/** What the program says of itself. */
export function commandLineDocs(): CommandLineDocs {
  const program = buildProgram('', handlers, {})
  return { options: optionsOf(program), commands: program.commands.flatMap(commandDocs) }
}

/** Of a command with commands of its own: those. */
function commandDocs(command: Command): readonly CommandDoc[] {
  const within = command.commands.map((inner) => commandDoc(inner, `${command.name()} `))
  return within.length > 0 ? within : [commandDoc(command)]
}

function commandDoc(command: Command, before = ''): CommandDoc {
  const parameters = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return {
    usage: ['fastchat', before + command.name(), ...parameters].join(' '),
    description: command.description(),
    options: optionsOf(command),
  }
}

function optionsOf(command: Command): readonly OptionDoc[] {
  return command.options.map(({ flags, description, argChoices }) => {
    const choices = argChoices === undefined ? '' : ` One of: ${argChoices.join(', ')}.`
    return { flags, description: description + choices }
  })
}

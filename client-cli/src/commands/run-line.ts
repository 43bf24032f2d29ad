import { Failure } from '../failure.ts'
import { type Command, type CommandContext, type Outcome, usageOf } from './command.ts'
import { parseLine, valuesOf } from './parse-line.ts'
import { matchCommand, unknownCommand } from './registry.ts'

/** Asks the person; `undefined` if nothing was answered or nobody can be asked. */
export type Ask = (question: string) => Promise<string | undefined>

const nothing: Outcome = { kind: 'print', lines: [] }

/** Finds out what a typed line means, asks for what is missing, and returns what should happen. */
export async function runLine(line: string, context: CommandContext, ask: Ask): Promise<Outcome> {
  const parsed = parseLine(line)
  switch (parsed.kind) {
    case 'empty':
      return nothing
    case 'text':
      return sayText(parsed.text, context)
    case 'command': {
      const match = matchCommand(context.commands, parsed.name, parsed.rest)
      if (match === undefined) throw usage(unknownCommand(context.commands, parsed.name))
      const { command, rest } = match
      const { values, isTooMany } = valuesOf(command, rest)
      if (isTooMany)
        throw usage(`That is more than /${command.name} takes. It is used so: ${usageOf(command)}`)
      return runCommand(command, values, context, ask)
    }
  }
}

async function runCommand(
  command: Command,
  typed: readonly (string | undefined)[],
  context: CommandContext,
  ask: Ask,
): Promise<Outcome> {
  const values: (string | undefined)[] = []
  for (const [index, { question }] of command.parameters.entries()) {
    const value = typed[index] ?? (question === undefined ? undefined : await ask(question))
    const isMissing = value === undefined || value.trim() === ''
    if (question !== undefined && isMissing)
      throw usage(`Nothing done. It is used so: ${usageOf(command)}`)
    values.push(isMissing ? undefined : value)
  }
  return command.run(context, values)
}

function sayText(text: string, { open }: CommandContext): Outcome {
  if (open !== undefined) return { kind: 'send', to: open.to, text }
  throw usage(
    'No conversation is open. /open <name> opens one; /send <name> <message> sends at once.',
  )
}

function usage(message: string): Failure {
  return new Failure('usage', message)
}

import type { ChatClient, FileMessage, Message } from '../client.ts'
import type { FileDesk } from '../images/file-desk.ts'
import type { Place } from './find-place.ts'

/** What a command may look at. It changes nothing of the screen: it returns what should happen. */
export interface CommandContext {
  readonly client: ChatClient
  /** The conversation that plain text goes to. */
  readonly open: Place | undefined
  /** Every command there is, for help. */
  readonly commands: readonly Command[]
  readonly files: FileDesk
  /** The time of this device. */
  readonly nowMs: number
}

export type Outcome =
  /** Lines for the person. They are made harmless when shown, so they may quote anybody. */
  | { readonly kind: 'print'; readonly lines: readonly string[] }
  | { readonly kind: 'send'; readonly to: string; readonly text: string }
  /** A file is on its way already. `note` says what was done to it. */
  | { readonly kind: 'sent'; readonly to: string; readonly message: Message; readonly note: string }
  /** Shown as well as the face can. */
  | { readonly kind: 'picture'; readonly message: FileMessage }
  /** `name` is what `send` takes: a person, or the conversation of a group; `title` what people call it. */
  | { readonly kind: 'open'; readonly name: string; readonly title: string }
  | {
      readonly kind: 'show-history'
      readonly name: string
      readonly title: string
      readonly count: number
    }
  | { readonly kind: 'clear' }
  /** What help shows of everything there is; a face may have more to show. */
  | { readonly kind: 'help'; readonly lines: readonly string[] }
  | {
      readonly kind: 'safety-number'
      readonly name: string
      readonly digits: string
      /** What a camera on the other side compares. */
      readonly qr: Uint8Array
    }
  /** The message of that number, or the last that can be sent again. */
  | { readonly kind: 'retry'; readonly number: number | undefined }
  | { readonly kind: 'mute'; readonly name: string; readonly untilMs: number }
  | { readonly kind: 'exit' }

export interface Parameter {
  readonly name: string
  /** Asked when it is missing. Without a question the parameter may be left out. */
  readonly question?: string
  readonly completes?: 'account' | 'group' | 'place' | 'path' | 'command'
  /** Takes everything to the end of the line, spaces included. Only the last one can. */
  readonly takesRest?: boolean
}

/** One slash command: data, and one function. Help, completion and docs/cli.md come from the data. */
export interface Command {
  /** As it is shown; typed it counts without case. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly parameters: readonly Parameter[]
  readonly details?: string
  run(context: CommandContext, values: readonly (string | undefined)[]): Promise<Outcome>
}

/** Every parameter that has a question has a value when `run` is called. */
export function given(values: readonly (string | undefined)[], index: number): string {
  const value = values[index]
  if (value === undefined) throw new Error(`unreachable: parameter ${index} was not asked for`)
  return value
}

/** `/Send <name> <message>`; what may be left out stands in brackets. */
export function usageOf(command: Command): string {
  const parameters = command.parameters.map(({ name, question }) => {
    return question === undefined ? `[${name}]` : `<${name}>`
  })
  return [`/${command.name}`, ...parameters].join(' ')
}

import type { Exit } from './exit-codes.ts'

/** Ends a command: what happened and what to do next, for a person, and an exit code for a script. */
export class Failure extends Error {
  readonly exit: Exit

  constructor(exit: Exit, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exit = exit
  }
}

import { Failure } from '../failure.ts'
import { passwordSource } from '../profile/password.ts'
import type { GlobalOptions } from '../program.ts'
import { prompterFor } from '../screen/prompter.ts'
import { settingsFrom, usualServer } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { askServer, failureOf } from './ask-server.ts'
import { signInDocument } from './operations-answer.ts'

interface SignedIn {
  readonly signInOperator: {
    readonly token?: string
    readonly code?: string
    readonly message?: string
    readonly retryAfterMs?: number
  }
}

/** Signs an operator in, for twelve hours. The token goes to stdout and nowhere else. */
export async function printOperatorToken(
  terminal: Terminal,
  name: string,
  options: GlobalOptions,
): Promise<void> {
  const { server = usualServer, passwordFile } = settingsFrom(options, terminal)
  const prompter = prompterFor(terminal)
  const source = await passwordSource(terminal, prompter, { passwordFile })
  const password =
    source.kind === 'given'
      ? source.password
      : await prompter.askSecret(`Password of the operator ${name}: `)
  const { signInOperator: answer } = await askServer<SignedIn>(server, signInDocument, {
    variables: { input: { name, password } },
  })
  if (answer.token === undefined)
    throw failureOf(answer.message ?? 'The server refused.', {
      ...(answer.code !== undefined && { code: answer.code }),
      ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
    })
  // What is printed is stored in files and sent in headers.
  if (!/^[\w-]{20,200}$/.test(answer.token))
    throw new Failure('failed', 'The server gave something that is no token.')
  terminal.output.write(`${answer.token}\n`)
}

import { readFile } from 'node:fs/promises'
import { Failure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'

export interface OperatorOptions {
  readonly operatorTokenFile?: string
}

/** From a file, or from the environment; never from an argument, which other processes can read. Undefined: none was given. */
export async function findOperatorToken(
  { operatorTokenFile }: OperatorOptions,
  { env }: Pick<Terminal, 'env'>,
): Promise<string | undefined> {
  const file = operatorTokenFile ?? (env.FASTCHAT_OPERATOR_TOKEN_FILE || undefined)
  if (file === undefined) return env.FASTCHAT_OPERATOR_TOKEN || undefined
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure('usage', `The token file ${file} cannot be read (${error.code}).`)
  })
  return text.trim()
}

export async function requireOperatorToken(
  options: OperatorOptions,
  terminal: Pick<Terminal, 'env'>,
): Promise<string> {
  const token = await findOperatorToken(options, terminal)
  if (token !== undefined && token !== '') return token
  throw new Failure(
    'usage',
    'This is for operators. fastchat operator <name> prints a token: put it in a file and name the file with ' +
      '--operator-token-file or FASTCHAT_OPERATOR_TOKEN_FILE.',
  )
}

import { open } from 'node:fs/promises'
import { Failure } from '../failure.ts'
import type { Prompter } from '../screen/prompter.ts'
import type { Terminal } from '../terminal.ts'
import { readFirstLine } from './first-line.ts'

const mostBytes = 4096

export type PasswordSource =
  | { readonly kind: 'given'; readonly password: string }
  /** Nobody gave one beforehand, and somebody can be asked. */
  | { readonly kind: 'ask' }

export interface PasswordOptions {
  readonly passwordFile?: string | undefined
  /** True if stdin holds something else, such as the message to send. */
  readonly isInputTaken?: boolean
}

/** Never by argument or by environment: other processes can read both. By file, pipe or prompt. */
export async function passwordSource(
  terminal: Terminal,
  prompter: Prompter,
  { passwordFile: file, isInputTaken = false }: PasswordOptions,
): Promise<PasswordSource> {
  if (file !== undefined && file !== '-') {
    return { kind: 'given', password: notEmpty(await readPasswordFile(file), file) }
  }
  if (file === undefined && prompter.canAsk) return { kind: 'ask' }
  if (isInputTaken || (file === undefined && terminal.input.isTTY === true)) throw noPassword()
  const line = await readFirstLine(terminal.input, mostBytes)
  if (line === undefined) throw noPassword()
  return { kind: 'given', password: notEmpty(line, 'the input') }
}

async function readPasswordFile(file: string): Promise<string> {
  try {
    // May be a pipe, as in <(pass show fastchat), so it is read once and not asked for its size.
    const handle = await open(file)
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes)
      const text = buffer.subarray(0, bytesRead).toString('utf8')
      buffer.fill(0)
      return text.split(/\r?\n/, 1)[0] ?? ''
    } finally {
      await handle.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure('usage', `The password file ${file} cannot be read (${code ?? 'unknown'}).`)
  }
}

function notEmpty(password: string, place: string): string {
  if (password === '') throw new Failure('usage', `There is no password in ${place}.`)
  return password
}

function noPassword(): Failure {
  return new Failure(
    'usage',
    'No password was given and nobody can be asked. Use --password-file <file> or FASTCHAT_PASSWORD_FILE.',
  )
}

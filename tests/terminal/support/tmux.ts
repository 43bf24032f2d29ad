import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { untilTrue } from '../../support/until.ts'

const run = promisify(execFile)
const bin = path.resolve(import.meta.dirname, '../../../client-cli/bin/fastchat.mjs')

export const hasTmux = isInstalled()

/** A real terminal of a real size, with the program in it, and somebody who looks and types. */
export interface Tmux extends AsyncDisposable {
  type(text: string): Promise<void>
  /** By the names that tmux has for keys: `M-a`, `PageUp`. */
  press(key: string): Promise<void>
  resize(columns: number, rows: number): Promise<void>
  /** What is to be seen now, row by row. */
  rows(): Promise<readonly string[]>
  /** Resolves when the window shows it; fails with what it shows instead. */
  sees(pattern: RegExp): Promise<void>
  /** Of the program. */
  pid(): Promise<number>
}

export interface TmuxOptions {
  readonly server: string
  readonly columns: number
  readonly rows: number
  /** Variables of the chat. */
  readonly inject?: Readonly<Record<string, string>>
}

/** Signs up under the name and opens the chat, under a line that the shell had written before. */
export async function openTmux(name: string, options: TmuxOptions): Promise<Tmux> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-tmux-'))
  const socket = path.join(folder, 'socket')
  const password = path.join(folder, 'password')
  await writeFile(password, 'correct horse battery\n', { mode: 0o600 })
  const tmux = async (...args: readonly string[]) =>
    (await run('tmux', ['-S', socket, '-f', '/dev/null', ...args])).stdout
  const { columns, rows, server, inject = {} } = options
  const variables = {
    FASTCHAT_HOME: path.join(folder, 'files'),
    FASTCHAT_SERVER: server,
    FASTCHAT_PASSWORD_FILE: password,
    NO_COLOR: '1',
  }
  const assignments = Object.entries(variables).map(([key, value]) => `${key}=${quoted(value)}`)
  const start = [process.execPath, bin].map(quoted).join(' ')
  const script = [
    `export ${assignments.join(' ')}`,
    `${start} signup --name ${quoted(name)}`,
    'echo the shell was here',
    // Only the chat itself gets what a test wants to do to it.
    `${Object.entries(inject)
      .map(([key, value]) => `${key}=${quoted(value)}`)
      .join(' ')} ${start}`,
    'echo ended with $?',
    'cat',
  ].join('; ')
  await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), script)

  const shown = () => tmux('capture-pane', '-p')
  return {
    async type(text) {
      await tmux('send-keys', '-l', text)
    },
    async press(key) {
      await tmux('send-keys', key)
    },
    async resize(toColumns, toRows) {
      await tmux('resize-window', '-x', String(toColumns), '-y', String(toRows))
    },
    rows: async () => (await shown()).trimEnd().split('\n'),
    async sees(pattern) {
      try {
        await untilTrue(`the window shows ${pattern}`, async () => pattern.test(await shown()))
      } catch (cause) {
        throw new Error(`The window shows no ${pattern}, but:\n${await shown()}`, { cause })
      }
    },
    async pid() {
      const shell = (await tmux('display-message', '-p', '#{pane_pid}')).trim()
      const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', shell])
      return Number(stdout.trim().split('\n')[0])
    },
    async [Symbol.asyncDispose]() {
      await tmux('kill-server').catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function isInstalled(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'

const bin = path.resolve(import.meta.dirname, '../../../client-cli/bin/fastchat.mjs')
const withinMs = 30_000

/** util-linux `script` lends a pseudo-terminal; other systems have none that takes its input from a pipe. */
export const hasPty = process.platform === 'linux'

/** The real program in a pseudo-terminal, and somebody who waits for words and types. */
export interface Pty extends AsyncDisposable {
  /** Where files that arrive are saved, and where relative paths begin. */
  readonly folder: string
  type(text: string): void
  /** Types a line and Enter. */
  enter(line: string): void
  /** Resolves when this is said after what was seen last; fails with what was said instead. */
  sees(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends with the exit code of the program. */
  readonly ended: Promise<number | null>
}

export async function openPty(
  words: readonly string[],
  { server, env = {} }: { readonly server: string; readonly env?: Record<string, string> },
): Promise<Pty> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-pty-'))
  const command = [process.execPath, bin, ...words].map(quoted).join(' ')
  const child = spawn('script', ['-qfec', `stty rows 40 cols 110; exec ${command}`, '/dev/null'], {
    cwd: folder,
    stdio: 'pipe',
    env: {
      PATH: process.env.PATH,
      SHELL: '/bin/sh',
      TERM: 'xterm-256color',
      NO_COLOR: '1',
      FASTCHAT_HOME: path.join(folder, 'files'),
      XDG_DOWNLOAD_DIR: path.join(folder, 'downloads'),
      FASTCHAT_SERVER: server,
      ...env,
    },
  })
  let said = ''
  let seen = 0
  const waiting = new Set<() => void>()
  const look = () => {
    for (const waiter of waiting) waiter()
  }
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += stripVTControlCharacters(text)
      look()
    })
  // A program may end before it read what it was given.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const type = (text: string) => void child.stdin.write(text)

  return {
    folder,
    ended,
    type,
    enter: (line) => type(`${line}\r`),
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(waiter)
        }
        const waiter = () => {
          const found = new RegExp(pattern, pattern.flags).exec(said.slice(seen))
          if (found === null) return
          seen += found.index + found[0].length
          done()
          resolve(found)
        }
        const fail = (why: string) => {
          done()
          reject(new Error(`${why} ${pattern}. What was said:\n${said.slice(seen)}`))
        }
        const timer = setTimeout(() => fail('Nobody said'), withinMs)
        waiting.add(waiter)
        waiter()
        void ended.then((code) => {
          if (waiting.has(waiter)) fail(`The program ended with ${code} without saying`)
        })
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      child.stdin.destroy()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

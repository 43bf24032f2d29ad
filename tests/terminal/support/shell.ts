import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

const bin = path.resolve(import.meta.dirname, '../../../client-cli/bin/fastchat.mjs')
export const password = 'correct horse battery'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  /** Resolves when stdout says so; rejects with what there is when the program ends without it. */
  says(pattern: RegExp): Promise<void>
  readonly ended: Promise<Ran>
}

interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A shell of its own: a home, a server, a password in a file, and the real program as real processes. */
export interface Shell extends AsyncDisposable {
  readonly home: string
  /** Words of the command line, after `fastchat --profile <profile>`. */
  run(profile: string, words: readonly string[], options?: RunOptions): Promise<Ran>
  start(profile: string, words: readonly string[], options?: RunOptions): Running
}

export async function openShell(server: string): Promise<Shell> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'fastchat-shell-'))
  const passwordFile = path.join(home, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const started = new Set<ChildProcess>()

  function start(profile: string, words: readonly string[], options: RunOptions = {}): Running {
    const child = spawn(process.execPath, [bin, '--profile', profile, ...words], {
      stdio: 'pipe',
      env: {
        PATH: process.env.PATH,
        FASTCHAT_HOME: path.join(home, 'files'),
        FASTCHAT_SERVER: server,
        FASTCHAT_PASSWORD_FILE: passwordFile,
        ...options.env,
      },
    })
    started.add(child)
    // A program may end before it read what it was given.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
    return watch(child)
  }

  return {
    home,
    start,
    run: (profile, words, options) => start(profile, words, options).ended,
    async [Symbol.asyncDispose]() {
      for (const child of started) child.kill('SIGKILL')
      await rm(home, { recursive: true, force: true })
    },
  }
}

function watch(child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' }
  const changed = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      for (const look of changed) look()
    })
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({
    code: code ?? null,
    ...said,
  }))
  return {
    process: child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(said.stdout)) return
          changed.delete(look)
          resolve()
        }
        changed.add(look)
        look()
        ended.then(({ code, stdout, stderr }) => {
          reject(new Error(`waited for ${pattern}, ended with ${code}:\n${stdout}\n${stderr}`))
        }, reject)
      }),
  }
}

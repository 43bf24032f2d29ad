import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const tools = path.resolve(import.meta.dirname, '../../tools')

export interface FakeClone {
  readonly folder: string
  writeTask(name: string, text: string): void
  /** Starts `node tools/run.mjs <args>` there, as npm would. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Running
  /** The command lines that npm was called with. */
  installs(): string[]
}

export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
  /** Resolves when the process has written that text. */
  writes(text: string): Promise<void>
}

/**
 * A clone that wants one package, in a folder with a space in its name, with the real tools/run.mjs and an npm that only notes
 * how it was called.
 */
export async function withFakeClone(use: (clone: FakeClone) => Promise<void>): Promise<void> {
  const outer = mkdtempSync(path.join(os.tmpdir(), 'fastchat-run-'))
  const folder = path.join(outer, 'a clone')
  const log = path.join(outer, 'npm.log')
  const npm = path.join(outer, 'npm-cli.js')
  mkdirSync(path.join(folder, 'tools'), { recursive: true })
  for (const file of ['run.mjs', 'bootstrap.mjs', 'halt.mjs', 'lock.mjs'])
    cpSync(path.join(tools, file), path.join(folder, 'tools', file))
  const lock = JSON.stringify({ packages: { 'node_modules/x': { version: '1.0.0' } } })
  writeFileSync(path.join(folder, 'package-lock.json'), lock)
  writeFileSync(npm, fakeNpm(log, lock))
  const running: ChildProcess[] = []
  try {
    await use({
      folder,
      writeTask: (name, text) => writeFileSync(path.join(folder, 'tools', `${name}.ts`), text),
      run(args, env = {}) {
        const child = spawn(process.execPath, [path.join(folder, 'tools/run.mjs'), ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, npm_execpath: npm, npm_lifecycle_event: undefined, ...env },
        })
        running.push(child)
        return follow(child)
      },
      installs: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    })
  } finally {
    for (const child of running) child.kill('SIGKILL')
    rmSync(outer, { recursive: true, maxRetries: 10 })
  }
}

function fakeNpm(log: string, lock: string): string {
  return `
    const fs = require('node:fs')
    fs.appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n')
    if (process.env.FAKE_NPM === 'fails') { console.error('npm error the disk is full'); process.exit(1) }
    fs.mkdirSync('node_modules', { recursive: true })
    setTimeout(() => fs.writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lock)}), 200)
  `
}

export function follow(child: ChildProcess): Running {
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (more: string) => {
      text[name] += more
      child.emit('wrote')
    })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }))
  return {
    process: child,
    ended,
    async writes(expected) {
      const deadline = AbortSignal.timeout(90_000)
      while (!`${text.stdout}${text.stderr}`.includes(expected)) {
        const end = await Promise.race([once(child, 'wrote', { signal: deadline }), ended])
        if (!Array.isArray(end) && !`${end.stdout}${end.stderr}`.includes(expected))
          throw new Error(`ended without "${expected}":\n${end.stdout}${end.stderr}`)
      }
    },
  }
}

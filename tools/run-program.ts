import { type SpawnOptions, spawn } from 'node:child_process'
import { root } from './bootstrap.mjs'

/** Runs a program of ours or of a package to its end, quietly: only a failure makes its output worth reading. */
export function runProgram(
  file: string,
  args: readonly string[] = [],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output: output.trim() }))
  })
}

/** Runs a program to its end on the terminal of this one, and returns its exit code. */
export function runVisibly(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const options: SpawnOptions = { cwd: root, stdio: 'inherit', env }
  const child = spawn(process.execPath, [file, ...args], options)
  // The terminal sends Ctrl+C to the program as well, and it decides; we stay to clear up after it.
  const ignore = () => {}
  const pass = () => child.kill('SIGTERM')
  process.on('SIGINT', ignore).on('SIGTERM', pass)
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  }).finally(() => process.off('SIGINT', ignore).off('SIGTERM', pass))
}

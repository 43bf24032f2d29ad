// The only file that touches the process: it makes a Terminal of it and hands over.
import { run } from './cli.ts'
import type { Terminal } from './terminal.ts'

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupt.abort())
}
// Whoever reads our output may stop reading, as `head` does: then there is nobody left to write for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  interrupt.abort()
})

const terminal: Terminal = {
  input: process.stdin,
  output: process.stdout,
  talk: process.stderr,
  env: process.env,
  interrupted: interrupt.signal,
  clock: {
    now: () => Date.now(),
    every(ms, callback) {
      const timer = setInterval(callback, ms)
      return () => clearInterval(timer)
    },
  },
}

const code = await run(process.argv.slice(2), terminal)
// Ends here and now: a timer or a socket that is still open must not keep a command that is done.
// But not before what was printed is out, however slow the reader.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve())
  })
}
process.exit(code)

// The only file that touches the process: it makes a Terminal of it and hands over.
import { run } from './cli.ts'
import type { Terminal } from './terminal.ts'

// React has a slow half that looks for mistakes of developers, and keeps notes for as long as it runs.
process.env.NODE_ENV ??= 'production'

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Asked twice: whatever there is to tidy up takes too long for whoever asks.
    if (interrupt.signal.aborted) process.exit(130)
    interrupt.abort()
  })
}
const restorers = new Set<() => void>()
const restoreAll = () => {
  for (const restore of restorers) restore()
}
// Before Node writes what went wrong, which has to be read on the screen that stays.
process.on('uncaughtExceptionMonitor', restoreAll)
process.on('exit', restoreAll)
// Whoever reads our output may stop reading, as `head` does, and a window may be closed: then there is
// nobody left to write for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  interrupt.abort()
})

const terminal: Terminal = {
  input: process.stdin,
  output: process.stdout,
  talk: process.stderr,
  env: process.env,
  interrupted: interrupt.signal,
  beforeEnd(restore) {
    restorers.add(restore)
    return () => restorers.delete(restore)
  },
  goBehind() {
    // All that the shell started together, as the key does where the terminal itself obeys it. Where
    // no shell could bring us back the system ignores this, and the time just passes.
    process.kill(0, 'SIGTSTP')
    return new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  },
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

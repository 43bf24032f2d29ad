import readline from 'node:readline'
import type { Terminal } from '../terminal.ts'
import { LineQueue } from './line-queue.ts'
import type { Heard, Screen } from './screen.ts'

/**
 * Lines after lines and nothing else: for pipes, for terminals that know no cursor movement, and for
 * screen readers, which read what is appended and are lost where lines change.
 */
export function plainScreen(terminal: Terminal): Screen {
  const { input, output } = terminal
  const isInteractive = input.isTTY === true && output.isTTY === true
  const heard = new LineQueue()
  const lines = readline.createInterface({ input, terminal: false })
  let prompt = ''
  let isAfterPrompt = false
  let soon: ReturnType<typeof setImmediate> | undefined

  const hear = (what: Heard) => {
    // The terminal itself has gone to the next line.
    isAfterPrompt = what.kind === 'line' ? false : isAfterPrompt
    heard.push(what)
  }
  lines.on('line', (text) => hear({ kind: 'line', text }))
  lines.on('close', () => hear({ kind: 'end' }))
  terminal.interrupted.addEventListener('abort', () => hear({ kind: 'interrupt' }))

  /** Once after everything that is printed in one go, and with what is true by then. */
  function promptSoon(): void {
    if (!isInteractive || soon !== undefined) return
    soon = setImmediate(() => {
      soon = undefined
      if (!isAfterPrompt) output.write(prompt)
      isAfterPrompt = true
    })
  }

  /** Typed letters that stand there stay typed, though they now stand above. */
  function beginLine(): void {
    if (isAfterPrompt) output.write('\n')
    isAfterPrompt = false
  }

  return {
    get columns() {
      return output.isTTY === true ? output.columns : undefined
    },
    isInteractive,
    canUpdate: false,
    print(block) {
      beginLine()
      output.write(`${block.lines.join('\n')}\n`)
      promptSoon()
    },
    update: () => false,
    setPrompt(next) {
      prompt = next
    },
    read() {
      promptSoon()
      return heard.take()
    },
    ask(question) {
      if (!isInteractive) return Promise.resolve({ kind: 'end' })
      clearImmediate(soon)
      soon = undefined
      beginLine()
      output.write(question)
      isAfterPrompt = true
      return heard.take()
    },
    clear() {},
    close() {
      clearImmediate(soon)
      beginLine()
      lines.close()
      input.pause()
    },
  }
}

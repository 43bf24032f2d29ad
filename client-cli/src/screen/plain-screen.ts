import readline from 'node:readline'
import type { Terminal } from '../terminal.ts'
import { LineQueue } from './line-queue.ts'
import type { Screen } from './screen.ts'

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

  lines.on('line', (text) => heard.push({ kind: 'line', text }))
  lines.on('close', () => heard.push({ kind: 'end' }))
  terminal.interrupted.addEventListener('abort', () => heard.push({ kind: 'interrupt' }))

  function showPrompt(): void {
    if (isInteractive) output.write(prompt)
  }

  return {
    get columns() {
      return output.isTTY === true ? output.columns : undefined
    },
    isInteractive,
    canUpdate: false,
    print(block) {
      // The terminal has drawn the prompt, and may have drawn typed letters after it.
      if (isInteractive) output.write('\n')
      output.write(`${block.lines.join('\n')}\n`)
      showPrompt()
    },
    update: () => false,
    setPrompt(next) {
      prompt = next
    },
    read() {
      return heard.take()
    },
    ask(question) {
      if (!isInteractive) return Promise.resolve({ kind: 'end' })
      output.write(question)
      return heard.take()
    },
    clear() {},
    close() {
      lines.close()
      input.pause()
    },
  }
}

import readline from 'node:readline'
import type { Terminal } from '../terminal.ts'
import { LineQueue } from './line-queue.ts'
import { keepPastesWhole, pastedLineBreak } from './paste.ts'
import type { Completer, Heard, Screen } from './screen.ts'
import { Sight } from './sight.ts'

const narrowest = 40

/** Line mode on a terminal: what arrives is printed above the line being typed, which stays whole. */
export function ttyScreen(terminal: Terminal, complete: Completer): Screen {
  const { output } = terminal
  const sight = new Sight()
  const heard = new LineQueue()
  let prompt = ''
  let answer: ((heard: Heard) => void) | undefined
  let typedRows = 0
  let isClosed = false

  const { input, mark, stop } = keepPastesWhole(terminal.input, output)
  // Before readline sees the key: afterwards nobody can tell how many rows the typed line took.
  readline.emitKeypressEvents(input)
  input.on('keypress', (_text, key: readline.Key | undefined) => {
    if (key?.name !== 'return' && key?.name !== 'enter') return
    editor.write(null, { ctrl: true, name: 'e' })
    typedRows = editor.getCursorPos().rows + 1
  })
  const editor = readline.createInterface({
    input,
    output,
    terminal: true,
    historySize: 200,
    removeHistoryDuplicates: true,
    tabSize: 4,
    completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
      const none = () => done(null, [[], line])
      if (answer !== undefined) return none()
      complete(line).then(({ matches, completed }) => done(null, [[...matches], completed]), none)
    },
  })

  editor.on('history', (history) => {
    if (answer !== undefined) history.shift()
  })
  editor.on('line', (text) => {
    const line: Heard = { kind: 'line', text: text.replaceAll(pastedLineBreak, '\n') }
    if (answer === undefined) {
      // The session prints what became of the line; the line itself goes.
      readline.moveCursor(output, 0, -typedRows)
      readline.cursorTo(output, 0)
      readline.clearScreenDown(output)
      heard.push(line)
      draw()
    } else {
      sight.add({ lines: Array.from({ length: typedRows }, () => '') })
      answer(line)
    }
  })
  editor.on('SIGINT', () => end({ kind: 'interrupt' }))
  editor.on('close', () => {
    isClosed = true
    end({ kind: 'end' })
  })
  // Back from Ctrl+Z: readline waits for us before it draws, and the shell has written in between.
  editor.on('SIGCONT', () => {
    sight.forget()
    mark()
    draw()
  })
  terminal.interrupted.addEventListener('abort', () => end({ kind: 'interrupt' }))
  const forgetSight = () => sight.forget()
  output.on('resize', forgetSight)

  function end(last: Heard): void {
    answer?.(last)
    heard.push(last)
  }

  function draw(): void {
    if (!isClosed) editor.prompt(true)
  }

  /** Takes the input line away, lets `write` print, and draws it again below. */
  function above(write: () => void): void {
    if (isClosed) {
      write()
      return
    }
    const { rows } = editor.getCursorPos()
    if (rows > 0) readline.moveCursor(output, 0, -rows)
    readline.cursorTo(output, 0)
    readline.clearScreenDown(output)
    write()
    // Readline goes up by the rows it drew last time before it draws again: give it those.
    output.write('\n'.repeat(rows))
    draw()
  }

  return {
    get columns() {
      return Math.max(narrowest, output.columns ?? 80)
    },
    isInteractive: true,
    canUpdate: true,
    print(block) {
      sight.add(block)
      above(() => output.write(`${block.lines.join('\n')}\n`))
    },
    update(block) {
      if (isClosed) return false
      const { rows, cols } = editor.getCursorPos()
      const distance = sight.find(block, (output.rows ?? 24) - 1 - rows)
      if (distance === undefined) return false
      readline.moveCursor(output, 0, -(rows + distance))
      for (const line of block.lines) {
        readline.cursorTo(output, 0)
        readline.clearLine(output, 0)
        output.write(`${line}\n`)
      }
      readline.moveCursor(output, 0, rows + distance - block.lines.length)
      readline.cursorTo(output, cols)
      return true
    },
    setPrompt(next) {
      if (next === prompt) return
      prompt = next
      if (answer !== undefined) return
      editor.setPrompt(prompt)
      draw()
    },
    read() {
      draw()
      return heard.take()
    },
    async ask(question) {
      editor.setPrompt(question)
      const given = new Promise<Heard>((resolve) => {
        answer = resolve
      })
      draw()
      const result = await given
      answer = undefined
      editor.setPrompt(prompt)
      return result
    },
    clear() {
      sight.forget()
      readline.cursorTo(output, 0, 0)
      readline.clearScreenDown(output)
      draw()
    },
    close() {
      output.off('resize', forgetSight)
      const { rows } = editor.getCursorPos()
      if (rows > 0) readline.moveCursor(output, 0, -rows)
      readline.cursorTo(output, 0)
      readline.clearScreenDown(output)
      editor.close()
      stop()
    },
  }
}

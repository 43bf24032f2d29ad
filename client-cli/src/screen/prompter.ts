import { Failure } from '../failure.ts'
import type { Terminal, TerminalInput } from '../terminal.ts'

/** Asks on stderr, so that stdout holds only what was asked for. */
export interface Prompter {
  /** False where nobody can answer: no terminal. */
  readonly canAsk: boolean
  say(line: string): void
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askSecret(question: string): Promise<string>
}

const controlC = '\u0003'
const controlD = '\u0004'
const controlU = '\u0015'

export function prompterFor(terminal: Pick<Terminal, 'input' | 'talk' | 'interrupted'>): Prompter {
  const { input, talk, interrupted } = terminal
  return {
    canAsk: input.isTTY === true && talk.isTTY === true,
    say(line) {
      talk.write(`${line}\n`)
    },
    async ask(question) {
      talk.write(question)
      return (await readLine(input, interrupted, (line, character) => line + character)).trim()
    },
    async askSecret(question) {
      talk.write(question)
      input.setRawMode?.(true)
      try {
        return await readLine(input, interrupted, editSecret)
      } finally {
        input.setRawMode?.(false)
        talk.write('\n')
      }
    },
  }
}

type Edit = (line: string, character: string) => string

function readLine(input: TerminalInput, interrupted: AbortSignal, edit: Edit): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = ''
    const stop = () => {
      input.off('data', onData)
      input.off('end', onEnd)
      interrupted.removeEventListener('abort', onInterrupt)
      input.pause()
    }
    const give = (what: () => void) => {
      stop()
      what()
    }
    const onInterrupt = () => give(() => reject(new Failure('interrupted', '')))
    const onEnd = () =>
      give(() => reject(new Failure('usage', 'The input ended before an answer.')))
    const onData = (text: string) => {
      for (let index = 0; index < text.length; index++) {
        const character = text.charAt(index)
        if (character === '\r' || character === '\n') {
          const rest = text.slice(index + 1).replace(/^\n/, '')
          give(() => {
            // What was typed ahead belongs to whoever asks next.
            if (rest !== '') input.unshift(rest)
            resolve(line)
          })
          return
        }
        if (character === controlC) return onInterrupt()
        if (character === controlD && line === '') return onEnd()
        line = edit(line, character)
      }
    }
    if (interrupted.aborted) return onInterrupt()
    interrupted.addEventListener('abort', onInterrupt)
    input.setEncoding('utf8')
    input.on('data', onData)
    input.on('end', onEnd)
    input.resume()
  })
}

/** In raw mode the terminal edits nothing, so the keys for mistakes work here. */
function editSecret(line: string, character: string): string {
  if (character === '\u007f' || character === '\b') return Array.from(line).slice(0, -1).join('')
  if (character === controlU) return ''
  return /\p{Cc}/u.test(character) ? line : line + character
}

import { PassThrough } from 'node:stream'
import type { TerminalInput, TerminalOutput } from '../terminal.ts'
import { safeLine } from '../text/safe-text.ts'

/** Stands for a line break in the input line: Alt+Enter makes one, and so does a pasted text. */
export const pastedLineBreak = '⏎'

const begin = '\u001b[200~'
const end = '\u001b[201~'
const altEnter = '\u001b\r'

/**
 * A terminal with bracketed paste marks what was pasted. Line breaks inside become signs, so a paste
 * never sends by itself; other control characters in it are dropped, so it cannot press keys.
 */
export function keepPastesWhole(
  source: TerminalInput,
  output: TerminalOutput,
): { readonly input: TerminalInput; readonly mark: () => void; readonly stop: () => void } {
  const input: PassThrough & TerminalInput = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (enabled: boolean) => source.setRawMode?.(enabled),
  })
  const sort = pasteSorter()
  const onData = (chunk: string) => {
    const text = sort(chunk)
    if (text !== '') input.write(text)
  }
  const onEnd = () => input.end()
  source.setEncoding('utf8')
  source.on('data', onData)
  source.on('end', onEnd)
  source.resume()
  const mark = () => output.write('\u001b[?2004h')
  mark()
  return {
    input,
    /** Asks the terminal again to mark pastes, after another program had it. */
    mark,
    stop() {
      output.write('\u001b[?2004l')
      source.off('data', onData)
      source.off('end', onEnd)
      source.pause()
    },
  }
}

/** Takes what a terminal sends, piece by piece, and returns what the line editor should see. */
export function pasteSorter(): (chunk: string) => string {
  let isPasting = false
  let held = ''
  return (chunk) => {
    let rest = held + chunk
    let out = ''
    held = ''
    for (;;) {
      const mark = isPasting ? end : begin
      const at = rest.indexOf(mark)
      const stop = at === -1 ? beginningOf(mark, rest) : at
      const part = rest.slice(0, stop)
      out += isPasting ? flatten(part) : part.replaceAll(altEnter, pastedLineBreak)
      if (at === -1) {
        held = rest.slice(stop)
        return out
      }
      isPasting = !isPasting
      rest = rest.slice(at + mark.length)
    }
  }
}

function flatten(text: string): string {
  const lines = text.replace(/\r\n?|\n/g, pastedLineBreak).replaceAll('\t', ' ')
  // What is seen is what is sent: signs that nobody sees, as a web page may hide them, do not pass.
  return safeLine(lines.replace(/\p{Cc}/gu, ''))
}

/**
 * The mark may arrive in two pieces: what could be its beginning waits for the rest. But not an
 * escape that comes alone, which is the key of that name.
 */
function beginningOf(mark: string, text: string): number {
  if (text === '\u001b') return text.length
  // Half of a line break, perhaps.
  if (mark === end && text.endsWith('\r')) return text.length - 1
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return text.length - length
  }
  return text.length
}

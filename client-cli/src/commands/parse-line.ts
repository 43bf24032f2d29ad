import type { Command } from './command.ts'

export type ParsedLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly name: string; readonly rest: string }

/** A slash begins a command; two slashes begin a text with one. */
export function parseLine(line: string): ParsedLine {
  if (line.trim() === '') return { kind: 'empty' }
  if (line.startsWith('//')) return { kind: 'text', text: line.slice(1) }
  if (!line.startsWith('/')) return { kind: 'text', text: line }
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? []
  return { kind: 'command', name, rest }
}

/**
 * The words after a command, one for each of its parameters; the last may take all that is left. A word with spaces in it,
 * a group's name for example, stands in double quotes; inside them a backslash stands before a quote or a backslash.
 */
export function valuesOf(
  command: Command,
  rest: string,
): { readonly values: readonly (string | undefined)[]; readonly isTooMany: boolean } {
  let left = rest.trim()
  const values = command.parameters.map((parameter) => {
    if (left === '') return undefined
    if (parameter.takesRest === true) {
      const all = left
      left = ''
      return all
    }
    const { word, length } = firstWord(left)
    left = left.slice(length).trimStart()
    return word
  })
  return { values, isTooMany: left !== '' }
}

/** All words of a text that a parameter took to the end of the line. */
export function wordsIn(text: string): readonly string[] {
  const words: string[] = []
  let left = text.trim()
  while (left !== '') {
    const { word, length } = firstWord(left)
    words.push(word)
    left = left.slice(length).trimStart()
  }
  return words
}

/** As it has to be typed so that it is read back as one word. */
export function asWord(word: string): string {
  return /^[^\s"\\]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`
}

function firstWord(text: string): { readonly word: string; readonly length: number } {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"(?=\s|$)/.exec(text)
  if (quoted !== null) {
    const [whole, inside = ''] = quoted
    return { word: inside.replaceAll(/\\(["\\])/g, '$1'), length: whole.length }
  }
  const word = /^\S+/.exec(text)?.[0] ?? ''
  return { word, length: word.length }
}

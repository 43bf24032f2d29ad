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

/** The words after a command, one for each of its parameters; the last may take all that is left. */
export function valuesOf(
  command: Command,
  rest: string,
): { readonly values: readonly (string | undefined)[]; readonly isTooMany: boolean } {
  let left = rest.trim()
  const values = command.parameters.map((parameter) => {
    if (left === '') return undefined
    const word = parameter.takesRest === true ? left : (/^\S+/.exec(left)?.[0] ?? '')
    left = left.slice(word.length).trimStart()
    return word
  })
  return { values, isTooMany: left !== '' }
}

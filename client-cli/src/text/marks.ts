/** One set of signs for a state, in the order a message goes through them. */
export interface Marks {
  readonly sending: string
  readonly stored: string
  readonly delivered: string
  readonly expired: string
  readonly failed: string
  /** Stands left of every line of a message after the first, so none can pass for a line of ours. */
  readonly gutter: string
  readonly prompt: string
  readonly notice: string
  readonly up: string
  readonly draining: string
  readonly down: string
  /** What is left of a message's time, from nothing to all; empty where there are no such signs. */
  readonly dials: readonly string[]
  readonly chosen: string
  readonly isAscii: boolean
  readonly verified: string
  readonly line: string
  /** Of a frame: a bar downwards, and where it meets a line above and below. */
  readonly bar: string
  readonly barBelow: string
  readonly barAbove: string
}

export const unicodeMarks: Marks = {
  sending: '…',
  stored: '✓',
  delivered: '✓✓',
  expired: '✗',
  failed: '!',
  gutter: '│',
  prompt: '›',
  notice: '–',
  up: '●',
  draining: '◐',
  down: '○',
  dials: ['○', '◔', '◑', '◕', '●'],
  chosen: '▸',
  isAscii: false,
  verified: '✓',
  line: '─',
  bar: '│',
  barBelow: '┬',
  barAbove: '┴',
}

export const asciiMarks: Marks = {
  sending: '...',
  stored: 'v',
  delivered: 'vv',
  expired: 'x',
  failed: '!',
  gutter: '|',
  prompt: '>',
  notice: '-',
  up: '*',
  draining: '~',
  down: 'o',
  dials: [],
  chosen: '>',
  isAscii: true,
  verified: '=',
  line: '-',
  bar: '|',
  barBelow: '+',
  barAbove: '+',
}

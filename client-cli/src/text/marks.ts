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
}

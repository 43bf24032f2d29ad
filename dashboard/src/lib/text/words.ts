/** Shape and word come first; the colour only repeats them. */
export type Shape = 'disc' | 'triangle' | 'half' | 'ring' | 'cross' | 'question'
export type Tone = 'good' | 'warn' | 'bad' | 'quiet'

export interface StateWords {
  readonly shape: Shape
  readonly tone: Tone
  readonly word: string
}

const conditions: Readonly<Record<string, StateWords>> = {
  UP: { shape: 'disc', tone: 'good', word: 'Up' },
  SLOW: { shape: 'triangle', tone: 'warn', word: 'Slow' },
  DRAINING: { shape: 'half', tone: 'quiet', word: 'Draining' },
  DRAINED: { shape: 'ring', tone: 'quiet', word: 'Drained' },
  DOWN: { shape: 'cross', tone: 'bad', word: 'Down' },
}

/** A server newer than this page may be in a state that it has no word for. */
const unknown: StateWords = { shape: 'question', tone: 'quiet', word: 'Unknown' }

export function conditionWords(condition: string, sockets: number): StateWords {
  const words = conditions[condition] ?? unknown
  return condition === 'DRAINING' ? { ...words, word: `Draining · ${sockets} left` } : words
}

const verdicts: Readonly<Record<string, StateWords>> = {
  OK: { shape: 'disc', tone: 'good', word: 'Healthy' },
  DEGRADED: { shape: 'triangle', tone: 'warn', word: 'Degraded' },
  DOWN: { shape: 'cross', tone: 'bad', word: 'Down' },
}

export function verdictWords(state: string): StateWords {
  return verdicts[state] ?? unknown
}

const signs: Readonly<Record<Shape, string>> = {
  disc: '●',
  triangle: '▲',
  half: '◐',
  ring: '○',
  cross: '✕',
  question: '?',
}

/** What the tab says while the page is behind others. */
export function titleOf(state: string): string {
  const { shape, word } = verdictWords(state)
  return `${signs[shape]} ${word} · FastChat operations`
}

export interface Deed {
  readonly operator: string
  readonly action: string
  readonly serverId: number | null
  readonly recipient: string | null
  readonly reason: string | null
}

const deeds: Readonly<Record<string, (deed: Deed) => string>> = {
  ADDED: () => 'was made an operator',
  RESET: () => 'got a new password',
  REMOVED: () => 'was removed',
  SIGNED_IN: () => 'signed in',
  SIGNED_OUT: () => 'signed out',
  DRAINED: ({ serverId }) => `drained server ${serverId}`,
  RESUMED: ({ serverId }) => `resumed server ${serverId}`,
  REVEALED: ({ recipient }) => `had the name behind ${recipient} told`,
}

/** The end of a sentence that begins with the operator. */
export function deedWords(deed: Deed): string {
  const words =
    deeds[deed.action]?.(deed) ?? `did something this page has no word for (${deed.action})`
  return deed.reason === null ? words : `${words}: ${deed.reason}`
}

import { styleText } from 'node:util'
import type { Terminal, TerminalOutput } from '../terminal.ts'

export type Tone = 'quiet' | 'strong' | 'good' | 'waiting' | 'bad' | 'accent' | 'code'

/** Colour never says anything alone: each state has a mark and a word as well. */
export type Paint = (tone: Tone, text: string) => string

const formats = {
  quiet: 'dim',
  strong: 'bold',
  good: 'green',
  waiting: 'yellow',
  bad: 'red',
  accent: 'cyan',
  // White on black, whatever the window is: for pictures that a camera reads.
  code: ['whiteBright', 'bgBlack'],
} as const satisfies Readonly<Record<Tone, Parameters<typeof styleText>[0]>>

export function paintFor(stream: TerminalOutput, env: Terminal['env']): Paint {
  if (!showsColour(stream, env)) return (_tone, text) => text
  return (tone, text) => styleText(formats[tone], text, { validateStream: false })
}

function showsColour(stream: TerminalOutput, env: Terminal['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

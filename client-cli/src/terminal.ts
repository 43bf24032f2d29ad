import type { Readable, Writable } from 'node:stream'

/** The side of a stream that only a real terminal has. */
export interface TerminalInput extends Readable {
  readonly isTTY?: boolean
  setRawMode?(enabled: boolean): unknown
}

export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

export interface Clock {
  now(): number
  /** Calls back every so often until the returned function is called. */
  every(ms: number, callback: () => void): () => void
}

/** Everything of the outside world the client may touch; `main.ts` makes the real one. */
export interface Terminal {
  readonly input: TerminalInput
  /** What was asked for, and nothing else: somebody may be piping it. */
  readonly output: TerminalOutput
  /** Prompts, progress, complaints. */
  readonly talk: TerminalOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted by Ctrl+C, SIGTERM or a closed terminal. */
  readonly interrupted: AbortSignal
  readonly clock: Clock
  /**
   * Calls back when the process is about to end in another way than by coming back to `run`: a
   * terminal in another mode must not stay in it. Returns a function that calls it off.
   */
  beforeEnd(restore: () => void): () => void
  /** Ctrl+Z: goes behind the shell. Resolves when the person has come back. */
  goBehind(): Promise<void>
}

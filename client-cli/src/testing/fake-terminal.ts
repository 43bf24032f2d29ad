import { PassThrough, Writable } from 'node:stream'
import type { Clock, Terminal, TerminalInput, TerminalOutput } from '../terminal.ts'
import { VtScreen } from './vt-screen.ts'

interface FakeOptions {
  readonly isTTY?: boolean
  readonly env?: Terminal['env']
  readonly columns?: number
  readonly rows?: number
  /** How long `sees` waits. */
  readonly waitMs?: number
}

/** A terminal that the real one can be exchanged for, with a screen that can be looked at. */
export class FakeTerminal implements Terminal {
  readonly input: PassThrough & TerminalInput
  readonly output: TerminalOutput
  readonly talk: TerminalOutput
  readonly env: Terminal['env']
  readonly screen: VtScreen
  /** Every byte that was written, by stream. */
  readonly written = { output: '', talk: '' }
  rawMode = false
  readonly clock: FakeClock = new FakeClock()
  readonly #waitMs: number
  #interrupt = new AbortController()
  #restorers = new Set<() => void>()
  #watchers = new Set<() => void>()

  constructor({
    isTTY = true,
    env = {},
    columns = 80,
    rows = 24,
    waitMs = 5000,
  }: FakeOptions = {}) {
    this.env = env
    this.#waitMs = waitMs
    this.screen = new VtScreen({ columns, rows })
    this.input = Object.assign(new PassThrough(), {
      isTTY,
      setRawMode: (enabled: boolean) => {
        this.rawMode = enabled
      },
    })
    this.output = this.#stream('output', isTTY)
    this.talk = this.#stream('talk', isTTY)
  }

  get interrupted(): AbortSignal {
    return this.#interrupt.signal
  }

  type(text: string): void {
    // Out of raw mode the terminal shows what is typed by itself.
    if (!this.rawMode && this.input.isTTY) this.screen.write(text.replaceAll('\r', '\n'))
    this.input.write(text)
  }

  interrupt(): void {
    this.#interrupt.abort()
  }

  beforeEnd(restore: () => void): () => void {
    this.#restorers.add(restore)
    return () => this.#restorers.delete(restore)
  }

  /** Whether the shell is in front now. */
  #back: (() => void) | undefined

  goBehind(): Promise<void> {
    return new Promise((resolve) => {
      this.#back = resolve
    })
  }

  /** `fg`. */
  comeBack(): void {
    this.#back?.()
  }

  /** What the real one does when something throws that nobody catches. */
  crash(): void {
    for (const restore of this.#restorers) restore()
  }

  /** Waits until the screen (or what was written, without a terminal) says so. */
  async sees(pattern: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(this.#waitMs)
    while (!pattern.test(this.#visible())) {
      await new Promise<void>((resolve, reject) => {
        const stop = () => {
          this.#watchers.delete(changed)
          deadline.removeEventListener('abort', late)
        }
        const changed = () => {
          stop()
          resolve()
        }
        const late = () => {
          stop()
          reject(new Error(`waited for ${pattern}, but there is:\n${this.#visible()}`))
        }
        this.#watchers.add(changed)
        deadline.addEventListener('abort', late)
      })
    }
  }

  #visible(): string {
    return this.input.isTTY === true ? this.screen.text : this.written.output + this.written.talk
  }

  #stream(name: 'output' | 'talk', isTTY: boolean): TerminalOutput {
    const { columns, rows } = this.screen
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        this.written[name] += chunk.toString()
        if (isTTY) this.screen.write(chunk.toString())
        done()
        for (const watcher of [...this.#watchers]) watcher()
      },
    })
    return Object.assign(stream, isTTY ? { isTTY, columns, rows } : { isTTY })
  }
}

/** Stands still until it is told how much time passed. */
export class FakeClock implements Clock {
  #now = new Date(2026, 10, 22, 18, 0).getTime()
  #repeating = new Set<{ readonly ms: number; readonly callback: () => void; due: number }>()

  now(): number {
    return this.#now
  }

  every(ms: number, callback: () => void): () => void {
    const entry = { ms, callback, due: this.#now + ms }
    this.#repeating.add(entry)
    return () => this.#repeating.delete(entry)
  }

  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = [...this.#repeating].sort((one, other) => one.due - other.due)[0]
      if (next === undefined || next.due > end) break
      this.#now = next.due
      next.due += next.ms
      next.callback()
    }
    this.#now = end
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { run } from '../../../client-cli/src/cli.ts'
import { FakeTerminal } from '../../../client-cli/src/testing/fake-terminal.ts'

const withinMs = 30_000

/** A terminal window that one person sits at: keys go in, and its screen can be looked at. */
export class Window implements AsyncDisposable {
  readonly terminal: FakeTerminal
  readonly #folder: string
  readonly exited: Promise<number>

  private constructor(terminal: FakeTerminal, folder: string, words: readonly string[]) {
    this.terminal = terminal
    this.#folder = folder
    this.exited = run(words, terminal)
  }

  /** Starts `fastchat` in it, for somebody who was never here: in full screen, or with the words `--lines`. */
  static async open(words: readonly string[] = []): Promise<Window> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-window-'))
    const env = { FASTCHAT_HOME: folder, TERM: 'xterm-256color', NO_COLOR: '1' }
    const size = { columns: 100, rows: 30 }
    return new Window(new FakeTerminal({ env, waitMs: withinMs, ...size }), folder, words)
  }

  type(text: string): void {
    this.terminal.type(text)
  }

  sees(pattern: RegExp): Promise<void> {
    return this.terminal.sees(pattern)
  }

  /** Goes through the first questions, as a newcomer would. */
  async signUp(name: string, server: string): Promise<void> {
    await this.sees(/1 new account, 2 sign in to one you have:$/m)
    this.type('1\r')
    await this.sees(/Server .*:$/m)
    this.type(`${server}\r`)
    await this.sees(/Name:$/m)
    this.type(`${name}\r`)
    await this.sees(/Password .*:$/m)
    this.type('correct horse\r')
    await this.sees(/once more:$/m)
    this.type('correct horse\r')
    await this.sees(/Connected to server|● connected/)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminal.interrupt()
    await this.exited
    await rm(this.#folder, { recursive: true, force: true })
  }
}

import type { Screen } from '../screen/screen.ts'
import type { Clock } from '../terminal.ts'
import { clockTime } from '../text/duration.ts'
import { safeLine } from '../text/safe-text.ts'
import { wrapHanging } from '../text/wrap.ts'
import type { Look } from './message-lines.ts'

interface VoiceOptions {
  readonly screen: Screen
  readonly look: Omit<Look, 'columns'>
  readonly clock: Clock
}

/** What the program itself says, as against people. Whatever it quotes is made harmless here. */
export class Voice {
  readonly #options: VoiceOptions

  constructor(options: VoiceOptions) {
    this.#options = options
  }

  /** The answer to a command. */
  answer(lines: readonly string[]): void {
    if (lines.length === 0) return
    const shown = lines.flatMap((line) => this.#fit(`  ${safeLine(line)}`))
    this.#options.screen.print({ lines: shown })
  }

  /** Something happened. */
  notice(text: string): void {
    const time = clockTime(new Date(this.#options.clock.now()))
    this.#quietly(`${time}  ${safeLine(text)}`)
  }

  /** What the typed line was, since Enter took it off the screen. */
  echo(line: string): void {
    this.#quietly(`${this.#options.look.marks.prompt} ${safeLine(line)}`)
  }

  #quietly(line: string): void {
    const { screen, look } = this.#options
    screen.print({ lines: this.#fit(line).map((part) => look.paint('quiet', part)) })
  }

  /** The terminal must not break lines by itself: then nobody knows how many rows there are. */
  #fit(line: string): readonly string[] {
    const { columns } = this.#options.screen
    return columns === undefined ? [line] : wrapHanging(line, columns - 1)
  }
}

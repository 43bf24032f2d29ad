import type { Message, SendState } from '../client.ts'
import type { Screen } from '../screen/screen.ts'
import { displayWidth, shorten } from '../text/display-width.ts'
import { clockTime } from '../text/duration.ts'
import { safeLine } from '../text/safe-text.ts'
import { paintState, stateWords } from '../text/send-state-words.ts'
import { type Look, messageLines } from './message-lines.ts'
import { shownMessage, stateOf, textOf } from './message-view.ts'
import { isOnItsWay, isSettled } from './send-progress.ts'

const quoteWidth = 48

export interface ShownMessagesOptions {
  readonly screen: Screen
  readonly look: () => Look
  /** The time of the server, which is what a countdown counts to. */
  readonly serverNow: () => number
  readonly now: () => number
  readonly titleOf: (message: Message) => string
}

interface OwnMessage {
  readonly message: Message
  readonly state: SendState
}

/** The messages of this run and how far the own ones have come, on the screen while they can change. */
export class ShownMessages {
  readonly #options: ShownMessagesOptions
  readonly #own = new Map<string, OwnMessage>()
  /** A state may be told before the call that sends has returned the message. */
  readonly #early = new Map<string, SendState>()

  constructor(options: ShownMessagesOptions) {
    this.#options = options
  }

  print(message: Message): void {
    const { id } = message
    const state = this.#early.get(id) ?? stateOf(message)
    this.#early.delete(id)
    if (state !== undefined) this.#own.set(id, { message, state })
    this.#options.screen.print({ id, lines: this.lines(message, state) })
  }

  /** Shows a change where the message stands, or in a line of its own if that is out of sight. */
  change(id: string, state: SendState): void {
    const own = this.#own.get(id)
    if (own === undefined) {
      this.#early.set(id, state)
      return
    }
    this.#own.set(id, { ...own, state })
    const { screen } = this.#options
    if (screen.update({ id, lines: this.lines(own.message, state) })) return
    const isNews = screen.canUpdate ? isSettled(state) : state.kind !== own.state.kind
    if (isNews && !isOnItsWay(state)) {
      screen.print({ lines: [this.#changeLine(own.message, state)] })
    }
  }

  /** Moves the countdowns on. */
  tick(): void {
    for (const [id, { message, state }] of this.#own) {
      if (state.kind !== 'stored') continue
      this.#options.screen.update({ id, lines: this.lines(message, state) })
    }
  }

  /** In the order in which they were sent. */
  get ownStates(): readonly SendState[] {
    return [...this.#own.values()].map(({ state }) => state)
  }

  /** A message of this person that was shown. */
  own(id: string): { readonly title: string; readonly state: SendState } | undefined {
    const own = this.#own.get(id)
    return own && { title: this.#options.titleOf(own.message), state: own.state }
  }

  lines(message: Message, state = stateOf(message)): readonly string[] {
    const { look, serverNow, screen, titleOf } = this.#options
    // Where nothing can change later, a state that will change is not written down.
    const isShown = state !== undefined && (screen.canUpdate || isSettled(state))
    const shown = shownMessage(message, isShown ? state : undefined, titleOf(message))
    return messageLines(shown, look(), serverNow())
  }

  #changeLine(message: Message, state: SendState): string {
    const { look, now, serverNow, titleOf } = this.#options
    const { columns, marks, paint } = look()
    const words = stateWords(state, marks, serverNow())
    const time = clockTime(new Date(now()))
    const used = displayWidth(`${time}  ${words.mark} ${words.words}  `)
    const room = columns === undefined ? quoteWidth : Math.min(quoteWidth, columns - 1 - used)
    const about = shorten(`to ${safeLine(titleOf(message))}: ${safeLine(textOf(message))}`, room)
    return `${paint('quiet', time)}  ${paintState(words, paint)}  ${paint('quiet', about)}`
  }
}

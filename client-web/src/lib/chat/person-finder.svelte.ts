import type { Session } from './session.svelte.ts'
import { wordsOf } from './words-of.ts'

const shortest = 2
const typingPauseMs = 180

/** Finds people by the beginning of their names, while it is typed. */
export class PersonFinder {
  typed = $state('')
  found = $state.raw<readonly string[]>([])
  words = $state('')
  readonly #session: Session
  readonly #leaveOut: () => readonly string[]
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  /** `leaveOut` says who is chosen or there already. */
  constructor(session: Session, leaveOut: () => readonly string[] = () => []) {
    this.#session = session
    this.#leaveOut = leaveOut
  }

  look(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#ask(), typingPauseMs)
  }

  clear(): void {
    this.typed = ''
    this.found = []
    this.words = ''
  }

  pictureOf(name: string): Uint8Array | undefined {
    return this.#session.people.known(name)?.fingerprint
  }

  async #ask(): Promise<void> {
    const prefix = this.typed.trim().replace(/^@/, '').toLowerCase()
    this.#asked += 1
    const asked = this.#asked
    if (prefix.length < shortest) {
      this.found = []
      this.words = ''
      return
    }
    try {
      const names = await this.#session.shared.calls.search(prefix)
      // A slow answer to what was typed before must not take the place of a newer one.
      if (asked !== this.#asked) return
      const left = new Set([this.#session.me, ...this.#leaveOut()])
      this.found = names.filter((name) => !left.has(name))
      this.words = this.found.length === 0 ? `Nobody's name begins with “${prefix}”.` : ''
    } catch (error) {
      if (asked === this.#asked) this.words = wordsOf(error)
    }
  }
}

import type { SendState } from '../client.ts'
import { Failure } from '../failure.ts'

/** The messages that can be sent again, by the number that `/retry` takes. */
export class Retries {
  readonly #ids: (string | undefined)[] = []

  /** Returns its number the first time that it can be sent again. */
  note(id: string, { kind }: SendState): number | undefined {
    if ((kind !== 'expired' && kind !== 'failed') || this.#ids.includes(id)) return undefined
    return this.#ids.push(id)
  }

  /** Throws a `Failure` if there is none of that number, or none at all. */
  find(number: number | undefined): string {
    const id = number === undefined ? this.#ids.findLast(isThere) : this.#ids[number - 1]
    if (id !== undefined) return id
    throw new Failure(
      'usage',
      number === undefined
        ? 'There is nothing to send again.'
        : `There is no message ${number} to send again.`,
    )
  }

  /** It was sent again, as another message. Numbers of others stay. */
  drop(id: string): void {
    const at = this.#ids.indexOf(id)
    if (at !== -1) this.#ids[at] = undefined
  }
}

function isThere(id: string | undefined): id is string {
  return id !== undefined
}

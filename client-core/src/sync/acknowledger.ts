import type { Clock } from './clock.ts'

export interface AcknowledgerPorts {
  readonly clock: Clock
  /** Tells the server that everything up to here is stored. */
  readonly acknowledge: (upTo: string) => Promise<unknown>
  /** Not acknowledged is safe: the messages come again, and are recognised. */
  readonly onFailed: () => void
}

/** In a stream of messages the server is told this often; the first after a pause at once. */
const everyMs = 250

/**
 * Acknowledges cumulatively, one request at a time. Somebody who gets a message now and then
 * acknowledges it at once; somebody who gets many tells of several together, which costs the
 * server, its database and the sender a request each.
 */
export class Acknowledger {
  readonly #ports: AcknowledgerPorts
  #stored: string | undefined
  #acknowledged: string | undefined
  #lastMs = Number.NEGATIVE_INFINITY
  #underWay: Promise<void> | undefined
  #callOff: (() => void) | undefined
  #isClosed = false

  constructor(ports: AcknowledgerPorts) {
    this.#ports = ports
  }

  /** Everything up to this cursor is in the storage now. */
  stored(cursor: string): void {
    this.#stored = cursor
    this.#schedule()
  }

  /** Acknowledges what is stored without waiting. Resolves when that is done or has failed. */
  async flush(): Promise<void> {
    await this.#underWay
    this.#callOff?.()
    if (this.#isDue()) await this.#send()
  }

  close(): void {
    this.#isClosed = true
    this.#callOff?.()
  }

  #isDue(): boolean {
    return !this.#isClosed && this.#stored !== undefined && this.#stored !== this.#acknowledged
  }

  #schedule(): void {
    if (!this.#isDue() || this.#underWay !== undefined || this.#callOff !== undefined) return
    const waitMs = this.#lastMs + everyMs - this.#ports.clock.monotonicMs()
    if (waitMs <= 0) {
      void this.#send()
      return
    }
    const callOff = this.#ports.clock.after(waitMs, () => {
      this.#callOff = undefined
      void this.#send()
    })
    this.#callOff = () => {
      this.#callOff = undefined
      callOff()
    }
  }

  #send(): Promise<void> {
    const upTo = this.#stored
    if (upTo === undefined) return Promise.resolve()
    this.#lastMs = this.#ports.clock.monotonicMs()
    this.#underWay = this.#ports
      .acknowledge(upTo)
      .then(
        () => {
          this.#acknowledged = upTo
        },
        () => this.#ports.onFailed(),
      )
      .finally(() => {
        this.#underWay = undefined
        this.#schedule()
      })
    return this.#underWay
  }
}

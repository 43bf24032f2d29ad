import type { FileMessage } from '../client.ts'

const patienceMs = 60_000

/** The files of messages that came, until each of them is here or will never be. */
export class ComingFiles {
  readonly #coming = new Set<string>()
  #wake: () => void = () => undefined

  expect(message: FileMessage): void {
    if (isOnTheWay(message)) this.#coming.add(keyOf(message))
  }

  /** True when it has ended, well or not. */
  changed(message: FileMessage): boolean {
    if (isOnTheWay(message)) return false
    this.#coming.delete(keyOf(message))
    this.#wake()
    return true
  }

  /** Not for ever: what is still to come then comes with the next start. */
  async allEnded(interrupted: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([interrupted, AbortSignal.timeout(patienceMs)])
    const stopped = new Promise<void>((resolve) => {
      stop.addEventListener('abort', () => resolve())
    })
    while (this.#coming.size > 0 && !stop.aborted) {
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await Promise.race([changed, stopped])
    }
  }
}

function keyOf({ id, from }: FileMessage): string {
  return `${from} ${id}`
}

function isOnTheWay({ file: { state } }: FileMessage): boolean {
  return state === 'waiting' || state === 'downloading'
}

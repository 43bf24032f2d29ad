import type { SignInResult } from '@fastchat/client-core'

/** As in a terminal: three wrong passwords, then a pause. The server counts too, for all devices. */
const tries = 3
const pauseMs = 30_000

/** Counts wrong passwords and makes the person wait after the third. */
export class Tries {
  waitSeconds = $state(0)
  #left = tries

  /** What to tell the person. Empty if the password was right. */
  judge(result: SignInResult): string {
    switch (result.kind) {
      case 'signed-in':
        this.#left = tries
        return ''
      case 'too-many-attempts':
        this.#pause(result.retryAfterMs)
        return 'Too many wrong passwords. The server lets nobody try for a while.'
      case 'wrong-password':
        this.#left = Math.min(this.#left - 1, result.attemptsLeft)
        if (this.#left > 0) {
          return `Name and password do not belong together. ${triesWords(this.#left)}`
        }
        this.#pause(pauseMs)
        return 'Name and password do not belong together. That was the third time.'
    }
  }

  #pause(ms: number): void {
    this.#left = tries
    this.waitSeconds = Math.max(1, Math.ceil(ms / 1000))
    const timer = setInterval(() => {
      this.waitSeconds -= 1
      if (this.waitSeconds <= 0) clearInterval(timer)
    }, 1000)
  }
}

function triesWords(left: number): string {
  return left === 1 ? 'One try left.' : `${left} tries left.`
}

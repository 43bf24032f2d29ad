import { type OperatorSession, signInOperator } from '#lib/api/desk-api.ts'

/** The way in. */
export class Door {
  problem = $state('')
  isBusy = $state(false)
  waitSeconds = $state(0)
  #onIn: (session: OperatorSession) => void

  constructor(onIn: (session: OperatorSession) => void, problem = '') {
    this.#onIn = onIn
    this.problem = problem
  }

  async submit(name: string, password: string): Promise<void> {
    if (this.isBusy || this.waitSeconds > 0) return
    this.isBusy = true
    this.problem = ''
    try {
      const answer = await signInOperator(name.trim(), password)
      if (answer.kind === 'in') return this.#onIn(answer.session)
      this.problem = answer.message
      this.#wait(Math.ceil(answer.waitMs / 1000))
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'Nobody answers. Try again.'
    } finally {
      this.isBusy = false
    }
  }

  #wait(seconds: number): void {
    this.waitSeconds = seconds
    if (seconds > 0) setTimeout(() => this.#wait(seconds - 1), 1000)
  }
}

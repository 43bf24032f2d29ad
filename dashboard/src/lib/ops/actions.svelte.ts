import type { DeskApi } from '#lib/api/desk-api.ts'

/** Something an operator is about to do, and is asked about first. */
export type Intent =
  | {
      readonly kind: 'drain'
      readonly serverId: number
      readonly sockets: number
      /** Nobody else takes clients. */
      readonly isLast: boolean
    }
  | { readonly kind: 'resume'; readonly serverId: number }
  | { readonly kind: 'reveal'; readonly recipient: string }

export class Actions {
  intent = $state.raw<Intent>()
  isBusy = $state(false)
  problem = $state('')
  /** Names that were told, by pseudonym. They are gone when the page is. */
  revealed = $state.raw<ReadonlyMap<string, string>>(new Map())
  /** What was done last, for those who hear the page. */
  done = $state('')
  #api: DeskApi

  constructor(api: DeskApi) {
    this.#api = api
  }

  consider(intent: Intent): void {
    this.intent = intent
    this.problem = ''
  }

  dismiss(): void {
    this.intent = undefined
  }

  async confirm(reason: string): Promise<void> {
    const { intent } = this
    if (intent === undefined || this.isBusy) return
    this.isBusy = true
    this.problem = ''
    try {
      this.done = await this.#act(intent, reason)
      if (this.intent === intent) this.intent = undefined
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'It did not work. Try again.'
    } finally {
      this.isBusy = false
    }
  }

  async #act(intent: Intent, reason: string): Promise<string> {
    switch (intent.kind) {
      case 'drain':
        await this.#api.drain(intent.serverId, reason)
        return `Server ${intent.serverId} is being drained.`
      case 'resume':
        await this.#api.resume(intent.serverId)
        return `Server ${intent.serverId} takes clients again.`
      case 'reveal': {
        const name = await this.#api.reveal(intent.recipient)
        this.revealed = new Map([...this.revealed, [intent.recipient, name]])
        return `${intent.recipient} is ${name}.`
      }
    }
  }
}

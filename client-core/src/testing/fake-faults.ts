import type { ChatOperations } from '../api/chat-api.ts'
import { type ChatError, networkError } from '../errors.ts'

export type OperationName = keyof ChatOperations

/** What a test does to the next call of an operation. */
export type Fault =
  /** It never reaches the service. */
  | { readonly kind: 'refuse'; readonly error: ChatError }
  /** It is done, and the answer gets lost. */
  | { readonly kind: 'lose-answer' }

type AnyOperation = (...args: readonly unknown[]) => Promise<unknown>

/** What is to go wrong, by operation, in order. */
export class Faults {
  readonly #waiting = new Map<OperationName, Fault[]>()

  add(operation: OperationName, fault: Fault): void {
    this.#waiting.set(operation, [...(this.#waiting.get(operation) ?? []), fault])
  }

  /** `enter` throws when there is no way to the service, before a call or after it. */
  guard(operations: ChatOperations, enter: () => unknown): ChatOperations {
    const names = Object.keys(operations) as OperationName[]
    const guarded = names.map((name) => [
      name,
      this.#guarded(name, operations[name] as AnyOperation, enter),
    ])
    return Object.fromEntries(guarded) as ChatOperations
  }

  #guarded(name: OperationName, operation: AnyOperation, enter: () => unknown): AnyOperation {
    return async (...args) => {
      enter()
      const fault = this.#waiting.get(name)?.shift()
      if (fault?.kind === 'refuse') throw fault.error
      const answer = await operation(...args)
      if (fault?.kind === 'lose-answer') throw networkError()
      enter()
      return answer
    }
  }
}

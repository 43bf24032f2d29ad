import type { ScreenState } from './model/state.ts'

/** Holds what the screen shows. Whoever changes it says how; one listener hears that it did. */
export class ScreenStore {
  #state: ScreenState
  readonly #onChange: () => void

  constructor(state: ScreenState, onChange: () => void) {
    this.#state = state
    this.#onChange = onChange
  }

  get state(): ScreenState {
    return this.#state
  }

  set(change: (state: ScreenState) => ScreenState): void {
    const next = change(this.#state)
    if (next === this.#state) return
    this.#state = next
    this.#onChange()
  }
}

import { hashOf, type Minutes, rangeIn } from './ranges.ts'

/** How far back the charts reach, in the fragment of the address: a link shows another operator the same. */
export class Range {
  #minutes = $state<Minutes>(rangeIn(location.hash))
  #follow = () => {
    this.#minutes = rangeIn(location.hash)
  }

  constructor() {
    addEventListener('hashchange', this.#follow)
  }

  get minutes(): Minutes {
    return this.#minutes
  }

  set minutes(minutes: Minutes) {
    location.hash = hashOf(minutes)
  }

  get seconds(): number {
    return this.#minutes * 60
  }

  close(): void {
    removeEventListener('hashchange', this.#follow)
  }
}

export const ranges = [1, 5, 15, 60] as const
export type Minutes = (typeof ranges)[number]

const usual: Minutes = 5

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

export function hashOf(minutes: Minutes): string {
  return `#range=${minutes}m`
}

export function rangeIn(hash: string): Minutes {
  const written = Number(/[#&]range=(\d+)m\b/.exec(hash)?.[1])
  return ranges.find((minutes) => minutes === written) ?? usual
}

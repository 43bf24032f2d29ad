const gatherMs = 600

/** Feeds the one region that screen readers read out: what is new, and bursts as a number. */
export class Announcer {
  text = $state('')
  #gathered: { readonly from: string; readonly said: string }[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `from` is the person or the group it came from. */
  arrived(from: string, said: string): void {
    this.#gathered.push({ from, said })
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs)
  }

  say(text: string): void {
    // The same text twice is read twice only if the region was different in between.
    this.text = this.text === text ? `${text}\u00a0` : text
  }

  #flush(): void {
    this.#timer = undefined
    const gathered = this.#gathered
    this.#gathered = []
    const [first] = gathered
    if (first === undefined) return
    const places = new Set(gathered.map(({ from }) => from))
    if (gathered.length <= 2) this.say(gathered.map(({ said }) => said).join('. '))
    else if (places.size === 1) this.say(`${gathered.length} new messages from ${first.from}`)
    else this.say(`${gathered.length} new messages in ${places.size} conversations`)
  }
}

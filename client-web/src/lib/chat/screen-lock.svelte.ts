const place = 'fastchat.locked'

/**
 * Hides everything until the password was typed, in all tabs and across reloads. Messages keep
 * arriving. It keeps people at the screen out; who can use the browser's tools is not stopped.
 */
export class ScreenLock {
  #isClosed = $state(localStorage.getItem(place) === 'yes')

  constructor() {
    window.addEventListener('storage', ({ key, newValue }) => {
      if (key === place) this.#isClosed = newValue === 'yes'
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  close(): void {
    this.#isClosed = true
    localStorage.setItem(place, 'yes')
  }

  open(): void {
    this.#isClosed = false
    localStorage.removeItem(place)
  }
}

import type { ChatMessage } from '@fastchat/client-core'
import { addressOf, isNews } from './message-place.ts'

const place = 'fastchat.notify'

export interface NotificationPorts {
  /** What a conversation is called, or nothing while nobody may see it. */
  titleOf(address: string): string | undefined
  /** Brings a conversation to the screen. */
  open(address: string): void
}

/**
 * Tells of what came while nobody looks, if the person has asked for it. It says from whom and never
 * what: it stands on the screen of the system, and may stay in its lists.
 */
export class Notifications {
  readonly canBe = 'Notification' in globalThis
  #isOn = $state(isKept())
  /** The person wants it, and the browser was told not to. */
  isRefused = $state(false)
  readonly #ports: NotificationPorts

  constructor(ports: NotificationPorts) {
    this.#ports = ports
    window.addEventListener('storage', ({ key }) => {
      if (key === place) this.#isOn = isKept()
    })
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** Asks the browser first: it asks the person, once. */
  async turn(on: boolean): Promise<void> {
    this.isRefused = on && (await Notification.requestPermission()) !== 'granted'
    if (on && !this.isRefused) localStorage.setItem(place, 'yes')
    else localStorage.removeItem(place)
    this.#isOn = isKept()
  }

  arrived(message: ChatMessage): void {
    if (!this.#isOn || !document.hidden || !isNews(message)) return
    const address = addressOf(message)
    const title = this.#ports.titleOf(address)
    const body = title === undefined ? 'New message' : `New message ${wordsFor(address, title)}`
    try {
      // One for each conversation: the next one takes its place.
      const shown = new Notification('FastChat', { body, tag: address, icon: '/icon-192.png' })
      shown.onclick = () => {
        window.focus()
        this.#ports.open(address)
        shown.close()
      }
    } catch {
      // Some telephones have the name and no such thing. What came is counted in the title all the same.
    }
  }
}

function wordsFor(address: string, title: string): string {
  return address.startsWith('group:') ? `in ${title}` : `from ${title}`
}

function isKept(): boolean {
  const isAllowed = 'Notification' in globalThis && Notification.permission === 'granted'
  return isAllowed && localStorage.getItem(place) === 'yes'
}

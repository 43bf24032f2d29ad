import type { BrowserContext } from 'playwright-core'

interface Shown {
  readonly title: string
  readonly body: string
  click(): void
}

declare global {
  /** Every notification of this page since it was loaded. */
  var notified: Shown[]
  var isHidden: boolean
}

/** Notes what would be shown by the system, and lets a test say that the window is hidden. */
export async function spyOnNotifications(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.notified = []
    globalThis.isHidden = false
    Object.defineProperty(document, 'hidden', { get: () => globalThis.isHidden })
    Object.defineProperty(document, 'visibilityState', {
      get: () => (globalThis.isHidden ? 'hidden' : 'visible'),
    })
    const real = globalThis.Notification
    class Spy {
      static readonly requestPermission = () => real.requestPermission()
      static get permission() {
        return real.permission
      }
      onclick: (() => void) | undefined
      constructor(title: string, { body = '' }: { body?: string } = {}) {
        globalThis.notified.push({ title, body, click: () => this.onclick?.() })
      }
      close(): void {
        this.onclick = undefined
      }
    }
    Object.assign(globalThis, { Notification: Spy })
  })
}

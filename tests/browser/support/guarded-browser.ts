import assert from 'node:assert/strict'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../../support/browser.ts'
import type { Cluster } from '../../support/cluster.ts'
import { deadlineMs } from '../../support/until.ts'

/** A browser that notes everything a chat app has no business with, in every page. */
export interface GuardedBrowser extends AsyncDisposable {
  /** A person's own browser profile; the tests choose what screen it is on. */
  newProfile(options?: BrowserContextOptions): Promise<Profile>
  /** For pages of somebody else. */
  unwatched(): Promise<BrowserContext>
  /** Fails with every request elsewhere, broken policy, dialog, error of a script and unasked window since it was last called. */
  assertQuiet(): void
}

export interface Profile {
  readonly context: BrowserContext
  /** Whatever any page of it wrote to the console. */
  readonly console: readonly string[]
  /** Addresses of everything it asked for. */
  readonly requests: readonly string[]
  /** What it sent over sockets. */
  readonly sent: readonly string[]
  newPage(): Promise<Page>
  /** Does what opens a window of its own, and resolves with that. */
  windowOf(act: () => Promise<void>): Promise<Page>
}

export async function openGuardedBrowser(cluster: Cluster): Promise<GuardedBrowser> {
  const browser = await launchBrowser()
  const breaches: string[] = []
  const allowed = [cluster.url, ...cluster.serverIds.map((id) => cluster.serverUrl(id))]
  return {
    newProfile: (options) => newProfile(browser, { cluster, allowed, breaches, options }),
    unwatched: () => browser.newContext(),
    assertQuiet: () => assert.deepEqual(breaches.splice(0), []),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

interface Watched {
  readonly cluster: Cluster
  readonly allowed: readonly string[]
  readonly breaches: string[]
  readonly options: BrowserContextOptions | undefined
}

async function newProfile(
  browser: Browser,
  { cluster, allowed, breaches, options }: Watched,
): Promise<Profile> {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    // What fades is measured half-way otherwise.
    reducedMotion: 'reduce',
    baseURL: cluster.url,
    ...options,
  })
  context.setDefaultTimeout(deadlineMs)
  const console: string[] = []
  const requests: string[] = []
  const sent: string[] = []
  const note = (url: string) => {
    requests.push(url)
    const { protocol, origin } = new URL(url.replace(/^ws/, 'http'))
    const isOwn = ['blob:', 'data:', 'about:'].includes(protocol) || allowed.includes(origin)
    if (!isOwn) breaches.push(`asked for ${url}`)
  }
  await context.exposeFunction('noteViolation', (what: string) => breaches.push(what))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const { noteViolation } = window as unknown as { noteViolation(what: string): void }
      noteViolation(`policy: ${violatedDirective} ${blockedURI} ${sample}`)
    })
  })
  context.on('request', (request) => note(request.url()))
  context.on('console', (message) => {
    console.push(message.text())
    if (/Content Security Policy|Trusted ?Type/i.test(message.text())) breaches.push(message.text())
  })
  context.on('weberror', (error) => breaches.push(`script: ${error.error().stack}`))
  let asked = 0
  context.on('page', (page) => {
    asked -= 1
    if (asked < 0) breaches.push(`opened a window: ${page.url()}`)
  })
  return {
    context,
    console,
    requests,
    sent,
    async windowOf(act) {
      asked += 1
      const [page] = await Promise.all([context.waitForEvent('page'), act()])
      return page
    },
    async newPage() {
      asked += 1
      const page = await context.newPage()
      page.on('dialog', (dialog) => {
        breaches.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      page.on('websocket', (socket) => {
        note(socket.url())
        socket.on('framesent', ({ payload }) => sent.push(String(payload)))
      })
      return page
    },
  }
}

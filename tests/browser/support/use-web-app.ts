import { after, afterEach, before } from 'node:test'
import type { Cluster, ClusterOptions } from '../../support/cluster.ts'
import { type GuardedBrowser, openGuardedBrowser } from './guarded-browser.ts'
import { startWebCluster } from './web-cluster.ts'

export interface WebApp {
  readonly cluster: Cluster
  readonly browser: GuardedBrowser
  /** What is put here is closed after the last test, before the servers are. */
  readonly closing: AsyncDisposableStack
}

/**
 * For all tests of a file: servers with the chat app, and a browser that fails the test in which the app did what it has no
 * business with. `prepare` brings the people, before the first test.
 */
export function useWebApp(
  options: ClusterOptions,
  prepare: (app: WebApp) => Promise<void>,
): WebApp {
  const closing = new AsyncDisposableStack()
  const app: { -readonly [Key in keyof WebApp]?: WebApp[Key] } = { closing }
  before(async () => {
    app.cluster = closing.use(await startWebCluster(options))
    app.browser = closing.use(await openGuardedBrowser(app.cluster))
    await prepare(app as WebApp)
  })
  afterEach(() => app.browser?.assertQuiet())
  after(() => closing.disposeAsync())
  return app as WebApp
}

export interface Addresses {
  /** Whom to ask, the most promising first. */
  order(): readonly string[]
  /** Those that take sockets. */
  servers(): readonly string[]
  /** Asks where the servers are now. What was known stays when nobody says. */
  refresh(): Promise<void>
  /** To be tried last from now on, until the next one fails. */
  putLast(url: string): void
  /** Those that take sockets now are tried before the others. */
  prefer(urls: readonly string[]): void
}

const answerWithinMs = 4000

export function createAddresses(): Addresses {
  let balancer: string | undefined
  let servers: readonly string[] = []

  return {
    order: () => (balancer === undefined ? servers : [...servers, balancer]),
    servers: () => servers,
    async refresh() {
      const answer = await fetch('/servers', { signal: AbortSignal.timeout(answerWithinMs) }).catch(
        () => undefined,
      )
      if (answer?.ok !== true) return
      const told = (await answer.json()) as { balancer: string; servers: readonly string[] }
      balancer = told.balancer
      const kept = servers.filter((url) => told.servers.includes(url))
      servers = [...kept, ...told.servers.filter((url) => !kept.includes(url))]
    },
    putLast(url) {
      if (servers.includes(url)) servers = [...servers.filter((other) => other !== url), url]
    },
    // The policy of this page names the servers that were there when it was loaded: no other can be asked.
    prefer(urls) {
      servers = [
        ...servers.filter((url) => urls.includes(url)),
        ...servers.filter((url) => !urls.includes(url)),
      ]
    },
  }
}

import type { ChatApi, RankedServer } from '../api/chat-api.ts'
import { ChatError, networkError } from '../errors.ts'
import type { ServerAddress } from './connection-machine.ts'

/** Finds out which servers to try: from the balancer, else from any server known to exist. */
export class ServerList {
  readonly #api: ChatApi
  readonly #balancerUrl: string
  #known: readonly ServerAddress[] = []
  #ranked: readonly RankedServer[] = []

  constructor(api: ChatApi, balancerUrl: string) {
    this.#api = api
    this.#balancerUrl = balancerUrl
  }

  /** The servers that could be used when somebody last answered, best first. */
  get known(): readonly ServerAddress[] {
    return this.#known
  }

  /** From an earlier run of this client. */
  recall(servers: readonly ServerAddress[]): void {
    if (this.#known.length === 0) this.#known = servers
  }

  /** Best first. Rejects with `NETWORK` if nobody answers and no server is known. */
  async choose(): Promise<readonly ServerAddress[]> {
    const ranked = await this.#ask()
    // They may take a socket though none of them could answer a question just now.
    if (ranked === undefined) {
      if (this.#known.length === 0) throw networkError()
      return this.#known
    }
    this.#ranked = ranked
    const servers = usable(ranked).map(({ id, url }) => ({ id, url }))
    if (servers.length > 0) this.#known = servers
    return servers
  }

  /** The one server to use for a few requests. Rejects with `NETWORK` if there is none. */
  async best(): Promise<string> {
    const [server] = await this.choose()
    if (server === undefined) throw networkError()
    return server.url
  }

  /** What the balancer says now, for showing; what it said last if it does not answer. */
  async ranking(): Promise<readonly RankedServer[]> {
    await this.choose()
    return this.#ranked
  }

  async #ask(): Promise<readonly RankedServer[] | undefined> {
    for (const url of [this.#balancerUrl, ...this.#known.map((server) => server.url)]) {
      try {
        return await this.#api.http(url).balancer()
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
      }
    }
    return undefined
  }
}

function usable(servers: readonly RankedServer[]): readonly RankedServer[] {
  return servers
    .filter(({ state, rank }) => state === 'UP' && rank !== null)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
}

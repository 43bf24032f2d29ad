import type { Addresses } from './addresses.ts'
import { AskError, askOnce } from './ask.ts'
import { type Operations, operationsQuery } from './documents.ts'
import { followSocket } from './socket.ts'

export type FeedState =
  /** Told each second. */
  | { readonly kind: 'live' }
  /** No server takes sockets, and one answers all the same. */
  | { readonly kind: 'asking' }
  /** Looking for a server that answers. */
  | { readonly kind: 'searching' }

export interface FeedListener {
  onOperations(operations: Operations): void
  onState(state: FeedState): void
  onSessionOver(): void
}

const againAfterMs = 700

/** The operations for as long as the session lasts, from whichever server is there. Ends with `signal`. */
export async function feed(
  addresses: Addresses,
  token: string,
  listener: FeedListener,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const known = addresses.servers()
    const refreshed = addresses.refresh()
    // When a server is lost, the next one is known already, and whoever could say more may be lost too.
    if (known.length === 0) await refreshed
    const end = await tryEach(addresses, token, listener, signal)
    if (end === 'session-over') return listener.onSessionOver()
    if (end === 'none') {
      await askInstead(addresses, token, listener)
      await pause(againAfterMs, signal)
    }
  }
}

async function tryEach(
  addresses: Addresses,
  token: string,
  listener: FeedListener,
  signal: AbortSignal,
): Promise<'lost' | 'session-over' | 'none'> {
  for (const url of addresses.servers()) {
    if (signal.aborted) return 'lost'
    const end = await followSocket({
      ...{ url, token, signal },
      onOperations(operations) {
        listener.onState({ kind: 'live' })
        addresses.prefer(takingSockets(operations))
        listener.onOperations(operations)
      },
    })
    if (signal.aborted) return 'lost'
    if (end === 'session-over') return end
    addresses.putLast(url)
    if (end === 'lost') {
      listener.onState({ kind: 'searching' })
      return end
    }
  }
  return 'none'
}

async function askInstead(
  addresses: Addresses,
  token: string,
  listener: FeedListener,
): Promise<void> {
  for (const url of addresses.order()) {
    try {
      const { operations } = await askOnce(url, token, operationsQuery, { seconds: 300 })
      listener.onState({ kind: 'asking' })
      return listener.onOperations(operations)
    } catch (error) {
      if (error instanceof AskError && error.isSessionOver) return listener.onSessionOver()
    }
  }
  listener.onState({ kind: 'searching' })
}

function takingSockets({ servers }: Operations): string[] {
  return servers
    .filter(({ condition }) => condition === 'UP' || condition === 'SLOW')
    .map(({ url }) => new URL(url).origin)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

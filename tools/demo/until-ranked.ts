import { setTimeout as sleep } from 'node:timers/promises'
import { Halt } from '../halt.mjs'

const lookEveryMs = 50
const within = { allMs: 10_000, anyMs: 60_000 }
const question = JSON.stringify({ query: '{ balancer { servers { rank } } }' })

/** Resolves when the balancer has measured all servers, so that the bots spread; on a busy machine some are enough. */
export async function untilRanked(url: string, count: number): Promise<void> {
  const began = performance.now()
  for (;;) {
    const ranked = await countRanked(url)
    const waitedMs = performance.now() - began
    if (ranked === count || (ranked > 0 && waitedMs > within.allMs)) return
    if (waitedMs > within.anyMs)
      throw new Halt('The balancer reaches no server. This machine may be too busy; try again.')
    await sleep(lookEveryMs)
  }
}

async function countRanked(url: string): Promise<number> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: question,
  })
  const { data } = (await answer.json()) as {
    readonly data?: { readonly balancer: { readonly servers: readonly { rank: number | null }[] } }
  }
  return data?.balancer.servers.filter(({ rank }) => rank !== null).length ?? 0
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askOverHttp } from '../support/ask-over-http.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { signedUp } from '../support/people.ts'
import { untilTrue } from '../support/until.ts'

async function fastestServer(url: string): Promise<number> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ fastestServer { id } }"}',
    signal: AbortSignal.timeout(30_000),
  })
  const { data } = (await answer.json()) as { data: { fastestServer: { id: number } } }
  return data.fastestServer.id
}

/** A server that has just begun answers its first pings late, and until that is forgotten the others get everybody. */
async function untilAlike(url: string): Promise<void> {
  await untilTrue('the servers answer about as fast as each other', async () => {
    const { data } = await askOverHttp(url, '{ balancer { servers { pingMs } } }')
    const balancer = data?.balancer as { servers: readonly { pingMs: number | null }[] } | undefined
    const pings = (balancer?.servers ?? []).map(({ pingMs }) => pingMs ?? Number.POSITIVE_INFINITY)
    return pings.length > 1 && Math.max(...pings) - Math.min(...pings) < 15
  })
}

test('however many ask the balancer at the same moment, each is answered and the servers share them', async () => {
  await using cluster = await startCluster({ servers: 3 })
  await cluster.untilRanked([1, 2, 3])
  const askTogether = (count: number) =>
    Promise.all(Array.from({ length: count }, () => fastestServer(cluster.url)))

  // Two at once hung the original for good, every time.
  for (let round = 0; round < 20; round += 1) assert.equal((await askTogether(2)).length, 2)
  await untilAlike(cluster.url)
  const picked = await askTogether(50)

  assert.equal(picked.length, 50)
  for (const id of cluster.serverIds)
    assert.ok(picked.filter((one) => one === id).length <= 40, `all 50 to server ${id}`)
  assert.ok(new Set(picked).size > 1)

  // And it still works for who comes next.
  const alice = await signedUp(cluster.url, 'alice')
  const bob = await signedUp(cluster.url, 'bob')
  const heard = collect(bob)
  await alice.send('bob', { text: 'hii' })
  await heard.until(1)
  await Promise.all([alice.close(), bob.close()])
})

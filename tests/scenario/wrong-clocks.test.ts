import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '../../client-core/src/sync/clock.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { newInstallation, openClient, signedUp } from '../support/people.ts'

const dayMs = 24 * 3_600_000

function clockOff(byMs: number): Clock {
  return { ...systemClock, nowMs: () => systemClock.nowMs() + byMs }
}

test('clients whose clocks are wrong by a day, each in its own direction, notice nothing of it', async () => {
  await using cluster = await startCluster({ servers: 2, ttlSeconds: 8 })
  const tomorrow = { ...newInstallation(), clock: clockOff(dayMs) }
  const yesterday = { ...newInstallation(), clock: clockOff(-dayMs) }
  const alice = await signedUp(cluster.url, 'alice', tomorrow)
  const bob = await signedUp(cluster.url, 'bob', yesterday)
  const heard = { alice: collect(alice), bob: collect(bob) }

  const there = await alice.send('bob', { text: 'from tomorrow' })
  await heard.bob.until(1)
  const back = await bob.send('alice', { text: 'from yesterday' })
  await heard.alice.until(1)
  assert.deepEqual(await alice.settled(there.id), { kind: 'delivered' })
  assert.deepEqual(await bob.settled(back.id), { kind: 'delivered' })

  // The lifetime is counted by the database alone: not longer for one and not over at once for the other.
  await bob.close()
  const startedAt = performance.now()
  const { id } = await alice.send('bob', { text: 'too late' })
  assert.deepEqual(await alice.settled(id), { kind: 'expired' })
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs > 7_500 && tookMs < 30_000, `EXPIRED after ${tookMs} ms`)

  const again = await openClient(cluster.url, yesterday)
  const heardAgain = collect(again)
  await again.resume()
  await alice.send('bob', { text: 'in time' })
  await heardAgain.untilText('in time')
  assert.deepEqual(heardAgain.texts(), ['in time'])
  assert.ok(Math.abs(again.serverNowMs - Date.now()) < 5_000)
  await Promise.all([alice.close(), again.close()])
})

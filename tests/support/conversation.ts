import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatClient } from '@fastchat/client-core'
import { type Chatter, startChatter } from './chatter.ts'
import type { Cluster } from './cluster.ts'
import { type Collected, collect } from './collect.ts'
import { signedUp } from './people.ts'

/** Two people who write to each other all the time. */
export interface Conversation {
  readonly alice: ChatClient
  readonly bob: ChatClient
  /** What each has heard. */
  readonly heard: { readonly alice: Collected; readonly bob: Collected }
  /** Resolves when both have heard so many messages more than now. */
  untilFlows(more: number): Promise<void>
  /** Ends the writing and asserts that everything arrived: once, in order, and the senders know. */
  endsWell(): Promise<void>
}

export async function startConversation(cluster: Cluster): Promise<Conversation> {
  const alice = await signedUp(cluster.url, 'alice')
  const bob = await signedUp(cluster.url, 'bob')
  const heard = { alice: collect(alice), bob: collect(bob) }
  const stops: string[] = []
  for (const client of [alice, bob])
    client.on('connection', (state) => {
      if (state.kind === 'stopped') stops.push(`${client.username}: ${state.reason}`)
    })
  const written = { alice: startChatter(alice, 'bob'), bob: startChatter(bob, 'alice') }

  async function arrived(chatter: Chatter, sender: ChatClient, receiver: Collected) {
    await receiver.until(chatter.texts.length)
    for (const id of chatter.ids)
      assert.deepEqual(await inTime(sender.settled(id)), { kind: 'delivered' })
    assert.deepEqual(receiver.texts(), chatter.texts)
    for (const message of receiver.messages)
      assert.ok('isLate' in message && !message.isLate && !message.isMissingBefore)
  }

  return {
    alice,
    bob,
    heard,
    async untilFlows(more) {
      const { length: toAlice } = heard.alice.messages
      const { length: toBob } = heard.bob.messages
      await Promise.all([heard.alice.until(toAlice + more), heard.bob.until(toBob + more)])
    },
    async endsWell() {
      await Promise.all([written.alice.stop(), written.bob.stop()])
      await arrived(written.alice, alice, heard.bob)
      await arrived(written.bob, bob, heard.alice)
      assert.deepEqual(stops, [])
      await Promise.all([alice.close(), bob.close()])
    },
  }
}

/** A sender learns within five seconds how a message has ended; three times that for a busy machine. */
async function inTime<T>(outcome: Promise<T>): Promise<T | 'not told in time'> {
  const over = new AbortController()
  const late = sleep(15_000, 'not told in time' as const, { signal: over.signal })
  late.catch(() => {})
  try {
    return await Promise.race([outcome, late])
  } finally {
    over.abort()
  }
}

/** The server that somebody is on now. */
export function serverOf(client: ChatClient): number {
  const { connection } = client
  if (connection.kind !== 'live') throw new Error(`${client.username} is ${connection.kind}.`)
  return Number(connection.server.id)
}

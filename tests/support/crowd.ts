import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { directConversation } from '../../client-core/src/crypto/conversation.ts'
import { generateDeviceKeys } from '../../client-core/src/crypto/device-keys.ts'
import { createMessageId } from '../../client-core/src/crypto/ids.ts'
import { sealRsaV1 } from '../../client-core/src/crypto/rsa-v1/seal.ts'
import { encodeText } from '../../client-core/src/sync/message-content.ts'
import { type Account, createAccount } from './account.ts'
import type { Cluster } from './cluster.ts'
import { type CrowdMember, type SealedOnce, startCrowdMember } from './crowd-member.ts'
import type { Sql } from './sql.ts'
import { untilTrue } from './until.ts'

/** Pairs of people who write to each other, more than one client-core in one process could seal and open. */
export interface Crowd {
  readonly members: readonly CrowdMember[]
  /** Ends the writing and asserts that all was accepted, arrived once, and is known to be delivered. Resolves with how many. */
  endsWell(): Promise<number>
}

/** Somebody who was held up writes faster for a while. */
const makesUpForMs = 2000

/** So many messages a second from all together, as long as the servers and the machine manage. */
export async function startCrowd(
  cluster: Cluster,
  sql: Sql,
  { pairs, perSecond }: { readonly pairs: number; readonly perSecond: number },
): Promise<Crowd> {
  // One pair of keys for all: making so many would take a minute, and nobody here reads what others get.
  const keys = await generateDeviceKeys({ extractable: true })
  const accounts: Account[] = []
  for (let index = 0; index < pairs * 2; index += 1)
    accounts.push(await createAccount(sql, `crowd${index}`, keys))
  const talks = await Promise.all(
    accounts.map(async (account, index) => ({
      member: startCrowdMember(cluster.url, account),
      message: await sealOnce(account, accounts[index ^ 1] ?? account),
    })),
  )
  const members = talks.map(({ member }) => member)
  await Promise.all(members.map((member) => member.untilLive()))

  const everyMs = (members.length / perSecond) * 1000
  const over = new AbortController()
  // One after the other, as an outbox does it.
  const writing = talks.map(async ({ member, message }) => {
    for (let due = performance.now(); !over.signal.aborted; ) {
      await member.send(message)
      due = Math.max(due + everyMs, performance.now() - makesUpForMs)
      await sleep(Math.max(0, due - performance.now()), undefined, { signal: over.signal }).catch(
        () => {},
      )
    }
  })

  return {
    members,
    async endsWell() {
      over.abort()
      await Promise.all(writing)
      const complaints = members.flatMap((member) => member.complaints)
      assert.deepEqual(complaints, [])
      for (const [index, { sent }] of members.entries()) {
        const { arrived } = members[index ^ 1] ?? assert.fail()
        await untilTrue('all have arrived', () => arrived.length >= sent.length)
      }
      for (const [index, member] of members.entries()) {
        const { arrived } = members[index ^ 1] ?? assert.fail()
        assert.deepEqual(arrived, member.sent)
        await untilTrue('its sender knows', async () => {
          const { DELIVERED } = await member.outcomes()
          return DELIVERED === member.sent.length
        })
      }
      for (const member of members) member.close()
      return members.reduce((total, { sent }) => total + sent.length, 0)
    },
  }
}

async function sealOnce(from: Account, to: Account): Promise<SealedOnce> {
  const { envelope, wraps } = await sealRsaV1({
    content: encodeText({ text: 'one of many' }),
    conversation: directConversation(from.username, to.username),
    messageId: createMessageId(Date.now(), null),
    kind: 'text',
    sentAt: Date.now(),
    ttlMs: 120_000,
    prevHash: new Uint8Array(0),
    sender: { user: from.username, deviceId: from.deviceId, keys: from.keys },
    recipients: [to.signed.list],
  })
  const [wrapped] = wraps
  if (wrapped === undefined) throw new Error('unreachable: one recipient, one key')
  return { to, envelope, wrappedKey: wrapped.wrap }
}

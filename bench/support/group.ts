import { randomUUID } from 'node:crypto'
import { createMessageId } from '../../client-core/src/crypto/ids.ts'
import { encodePlaintext } from '../../client-core/src/crypto/plaintext.ts'
import { firstEntry } from '../../client-core/src/crypto/roster-changes.ts'
import { signRosterEntry } from '../../client-core/src/crypto/roster-signature.ts'
import { sealRsaV1 } from '../../client-core/src/crypto/rsa-v1/seal.ts'
import type { BenchAccount } from './accounts.ts'

export interface BenchGroup {
  readonly id: string
  readonly hash: Uint8Array<ArrayBuffer>
  /** Of `createGroup`. */
  readonly input: object
}

/** A group of all these accounts, founded and signed by the first. */
export async function createGroup(accounts: readonly BenchAccount[]): Promise<BenchGroup> {
  const [founder] = accounts
  if (founder === undefined) throw new Error('unreachable: a group of somebody')
  const id = randomUUID()
  const members = accounts.map(({ username, signed }) => {
    return { user: username, identityKey: signed.list.identityKey }
  })
  const author = { author: founder.username, authorDevice: founder.deviceId, at: Date.now() }
  const fields = firstEntry({ group: id, name: 'bench', members }, author)
  const { entry, signature } = await signRosterEntry(founder.keys, fields)
  return {
    id,
    hash: entry.hash,
    input: { groupId: id, entry: base64url(entry.bytes), signature: base64url(signature) },
  }
}

interface GroupMessage {
  readonly from: BenchAccount
  readonly accounts: readonly BenchAccount[]
  readonly group: BenchGroup
  readonly textBytes: number
}

/** The input of `sendMessage` for everybody but the sender, but for its id. */
export async function sealForGroup({ from, accounts, group, textBytes }: GroupMessage) {
  const others = accounts.filter((account) => account !== from)
  const { envelope, wraps } = await sealRsaV1({
    content: encodePlaintext({ text: 'x'.repeat(textBytes) }),
    conversation: `group:${group.id}`,
    messageId: createMessageId(Date.now(), null),
    kind: 'text',
    sentAt: Date.now(),
    ttlMs: 120_000,
    prevHash: new Uint8Array(0),
    sender: { user: from.username, deviceId: from.deviceId, keys: from.keys },
    recipients: others.map(({ signed }) => signed.list),
    roster: { version: 1, hash: group.hash },
  })
  const wrapOf = new Map(wraps.map(({ deviceId, wrap }) => [deviceId, base64url(wrap)]))
  return {
    envelope: base64url(envelope),
    to: others.map(({ username, deviceId }) => ({
      username,
      deviceListVersion: 1,
      keys: [{ deviceId, wrappedKey: wrapOf.get(deviceId) }],
    })),
    group: { groupId: group.id, rosterVersion: 1 },
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

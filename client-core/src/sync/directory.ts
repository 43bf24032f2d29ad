import type { AccountAnswer, ChatOperations } from '../api/chat-api.ts'
import type { Bytes, Username } from '../brands.ts'
import { equalBytes } from '../crypto/bytes.ts'
import {
  type DeviceList,
  type DeviceListRefusal,
  type DeviceListResult,
  verifyDeviceList,
} from '../crypto/device-list.ts'
import { ChatError } from '../errors.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { AccountRecord } from './records.ts'

/** So many accounts are asked for in one look-up. */
const maxAsked = 64
const maxFormerDevices = 64

/** What this client believes of an account. Only a trusted list is ever encrypted to. */
export type Trust =
  | { readonly kind: 'trusted'; readonly list: DeviceList; readonly isVerified: boolean }
  /** The server offers another identity key. Nothing is sent until the person accepts it. */
  | { readonly kind: 'key-changed'; readonly list: DeviceList; readonly offered: DeviceList }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'refused'; readonly reason: DeviceListRefusal }

export interface DirectoryPorts {
  readonly store: RecordStore
  /** Rejects with `NETWORK` if there is no server to ask. */
  readonly operations: () => Promise<ChatOperations>
  readonly onKeyChanged: (username: Username) => void
  /** A server shows the key known before again: the other one was never accepted. */
  readonly onKeyRestored: (username: Username) => void
}

/** Whose keys are whose: remembers what it once saw and lets no server take it back. */
export class Directory {
  readonly #ports: DirectoryPorts
  readonly #known = new Map<Username, Trust>()
  readonly #refreshing = new Map<Username, Promise<Lookup>>()

  constructor(ports: DirectoryPorts) {
    this.#ports = ports
  }

  /** From memory or storage; asks a server only at first contact. */
  async get(username: Username): Promise<Trust> {
    const known = this.#known.get(username)
    if (known !== undefined) return known
    const record = await this.#record(username)
    return record === undefined ? (await this.refresh(username)).trust : this.#remember(record)
  }

  /** The same for many. Those met for the first time are asked for together. */
  async getAll(usernames: readonly Username[]): Promise<ReadonlyMap<Username, Trust>> {
    const strangers: Username[] = []
    for (const username of usernames) {
      const isKnown = this.#known.has(username) || (await this.#record(username)) !== undefined
      if (!isKnown) strangers.push(username)
    }
    await this.refreshAll(strangers)
    const trusts = usernames.map(async (name) => [name, await this.get(name)] as const)
    return new Map(await Promise.all(trusts))
  }

  async refreshAll(usernames: readonly Username[]): Promise<void> {
    for (let start = 0; start < usernames.length; start += maxAsked) {
      const names = usernames.slice(start, start + maxAsked)
      const operations = await this.#ports.operations()
      const answers = await operations.accounts(names)
      for (const [index, name] of names.entries()) {
        const answer = answers[index]
        if (answer !== null && answer !== undefined) await this.judge(name, answer)
      }
    }
  }

  /**
   * The key of a device in a list of this person that was once verified here. One that is no longer
   * listed is told apart: what it signed in its time still counts, what it vouches for does not.
   */
  async signingKey(username: Username, deviceId: string): Promise<KnownKey | undefined> {
    const former = (await this.#record(username))?.formerDevices?.find(({ id }) => id === deviceId)
    // A server is asked only about a device that was never seen.
    const known = former && listOf(await this.get(username))
    if (former !== undefined && known !== undefined) {
      return { key: former.signingKey, identityKey: known.identityKey, isListed: false }
    }
    const list = await this.lookUpSender(username, deviceId)
    const device = list?.devices.find(({ id }) => id === deviceId)
    if (list === undefined || device === undefined) return undefined
    return { key: device.signingKey, identityKey: list.identityKey, isListed: true }
  }

  /** Asks a server and judges the answer by what was known before. */
  refresh(username: Username): Promise<Lookup> {
    const running = this.#refreshing.get(username)
    if (running !== undefined) return running
    const lookup = this.#askAndJudge(username).finally(() => this.#refreshing.delete(username))
    this.#refreshing.set(username, lookup)
    return lookup
  }

  /** The sender's trusted list, asked for anew if it does not hold the device. */
  async lookUpSender(username: Username, deviceId: string): Promise<DeviceList | undefined> {
    const known = await this.get(username)
    if (known.kind === 'not-found') return undefined
    if (hasDevice(known, deviceId)) return listOf(known)
    const { trust } = await this.refresh(username)
    return listOf(trust)
  }

  /** Judges an answer that came with another call, such as the one to a sign-in. */
  async judge(username: Username, answer: AccountAnswer): Promise<Trust> {
    const before = this.#known.get(username)
    const { trust, hadOffer } = await this.#ports.store.update(async (transaction) => {
      const record = await transaction.get('account', { name: username })
      const judged = await judgeAnswer(transaction, username, answer, record)
      return { trust: judged, hadOffer: record?.offered !== undefined }
    })
    if (trust.kind === 'not-found' || trust.kind === 'refused') return trust
    this.#known.set(username, trust)
    if (isNewOffer(before, trust)) this.#ports.onKeyChanged(username)
    if (hadOffer && trust.kind === 'trusted') this.#ports.onKeyRestored(username)
    return trust
  }

  /** From now on the offered key counts, unverified. Returns false if none is on offer. */
  async acceptKey(username: Username): Promise<boolean> {
    const accepted = await this.#ports.store.update(async (transaction) => {
      const offered = (await transaction.get('account', { name: username }))?.offered
      if (offered === undefined) return undefined
      const result = await verifyAlone(username, offered.deviceList, offered.signature)
      if (result.kind !== 'verified') return undefined
      return keepTrusted(transaction, { ...offered, ...result, isVerified: false })
    })
    if (accepted !== undefined) this.#known.set(username, accepted)
    return accepted !== undefined
  }

  /** Remembers that the person compared the safety number of the key known now. */
  async markVerified(username: Username, identityKey: Bytes): Promise<void> {
    await this.#ports.store.update(async (transaction) => {
      const record = await transaction.get('account', { name: username })
      if (record === undefined || !equalBytes(record.identityKey, identityKey)) {
        throw new ChatError(
          'KEY_CHANGED',
          'The key of this person has changed meanwhile. Compare the safety number again.',
        )
      }
      transaction.put('account', { name: username }, { ...record, isVerified: true })
    })
    this.#known.delete(username)
  }

  #record(username: Username): Promise<AccountRecord | undefined> {
    return this.#ports.store.get('account', { name: username })
  }

  async #askAndJudge(username: Username): Promise<Lookup> {
    const operations = await this.#ports.operations()
    const answer = await operations.account(username)
    if (answer === null) return { trust: { kind: 'not-found' }, isOnline: false }
    return { trust: await this.judge(username, answer), isOnline: answer.online }
  }

  async #remember(record: AccountRecord): Promise<Trust> {
    const trust = await trustOf(record)
    if (trust.kind !== 'refused') this.#known.set(record.username, trust)
    return trust
  }
}

export interface KnownKey {
  readonly key: Bytes
  /** Of the account whose list it stood in. */
  readonly identityKey: Bytes
  readonly isListed: boolean
}

export interface Lookup {
  readonly trust: Trust
  readonly isOnline: boolean
}

async function judgeAnswer(
  transaction: Transaction,
  username: Username,
  { deviceList, deviceListSignature: signature }: AccountAnswer,
  before: AccountRecord | undefined,
): Promise<Trust> {
  const result = await verifyDeviceList(deviceList, signature, {
    username,
    identityKey: before?.identityKey ?? null,
    minVersion: before?.version ?? 0,
    seenHash: before?.hash ?? null,
  })
  if (result.kind === 'verified') {
    const isVerified = before?.isVerified ?? false
    const formerDevices = await formerDevicesOf(before, result.list)
    return keepTrusted(transaction, {
      ...result,
      deviceList,
      signature,
      isVerified,
      formerDevices,
    })
  }
  if (result.reason !== 'identity-changed' || before === undefined) return result
  const changed = { ...before, offered: { deviceList, signature } }
  const trust = await trustOf(changed)
  if (trust.kind === 'key-changed') transaction.put('account', { name: username }, changed)
  return trust
}

interface VerifiedAnswer {
  readonly list: DeviceList
  readonly hash: Bytes
  readonly deviceList: Bytes
  readonly signature: Bytes
  readonly isVerified: boolean
  readonly formerDevices?: AccountRecord['formerDevices']
}

function keepTrusted(transaction: Transaction, answer: VerifiedAnswer): Trust {
  const { list, hash, deviceList, signature, isVerified, formerDevices = [] } = answer
  const { username, identityKey, version } = list
  const record = { username, identityKey, version, hash, deviceList, signature, isVerified }
  transaction.put(
    'account',
    { name: username },
    { ...record, ...(formerDevices.length > 0 && { formerDevices }) },
  )
  return { kind: 'trusted', list, isVerified }
}

/** What this device has seen in lists of the same account, and is not in the newest one. */
async function formerDevicesOf(
  before: AccountRecord | undefined,
  { username, devices }: DeviceList,
): Promise<NonNullable<AccountRecord['formerDevices']>> {
  if (before === undefined) return []
  const known = await verifyAlone(username, before.deviceList, before.signature)
  const seen = known.kind === 'verified' ? known.list.devices : []
  return [...(before.formerDevices ?? []), ...seen]
    .filter(({ id }) => !devices.some((device) => device.id === id))
    .map(({ id, signingKey }) => ({ id, signingKey }))
    .slice(-maxFormerDevices)
}

/** What a stored record says. It is checked again, because only a check makes a `DeviceList`. */
async function trustOf({ username, isVerified, offered, ...known }: AccountRecord): Promise<Trust> {
  const own = await verifyAlone(username, known.deviceList, known.signature)
  if (own.kind === 'refused') return own
  if (offered === undefined) return { kind: 'trusted', list: own.list, isVerified }
  const other = await verifyAlone(username, offered.deviceList, offered.signature)
  if (other.kind === 'refused') return other
  return { kind: 'key-changed', list: own.list, offered: other.list }
}

/** The list by itself: signed by the key it names, whoever that is. */
function verifyAlone(
  username: Username,
  deviceList: Bytes,
  signature: Bytes,
): Promise<DeviceListResult> {
  const expected = { username, identityKey: null, minVersion: 0, seenHash: null }
  return verifyDeviceList(deviceList, signature, expected)
}

/** While a new key waits, messages from the devices known before are still theirs. */
function listOf(trust: Trust): DeviceList | undefined {
  return trust.kind === 'trusted' || trust.kind === 'key-changed' ? trust.list : undefined
}

function hasDevice(trust: Trust, deviceId: string): boolean {
  return listOf(trust)?.devices.some((device) => device.id === deviceId) === true
}

function isNewOffer(before: Trust | undefined, now: Trust): boolean {
  if (now.kind !== 'key-changed') return false
  return (
    before?.kind !== 'key-changed' ||
    !equalBytes(before.offered.identityKey, now.offered.identityKey)
  )
}

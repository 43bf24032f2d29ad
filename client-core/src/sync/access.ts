import type { ChatApi, ChatOperations, SignedIn } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import { generateDeviceKeys } from '../crypto/device-keys.ts'
import { createDeviceId } from '../crypto/ids.ts'
import { createStorageKey } from '../crypto/local-record.ts'
import { ChatError, hasCode, notSignedInError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'
import { Directory } from './directory.ts'
import type { KeyStore, StoredKeys } from './key-store.ts'
import { newDevice } from './new-device.ts'
import { forgetRecords, openRecordStore, type RecordStore } from './record-store.ts'
import type { SessionRecord } from './records.ts'
import type { ServerList } from './server-list.ts'
import { type SignInOutcome, signIn } from './sign-in.ts'
import { firstVaultVersion, signUp } from './sign-up.ts'

export interface AccessPorts {
  readonly api: ChatApi
  readonly servers: ServerList
  readonly storage: Storage
  readonly keys: KeyStore
}

export interface Credentials {
  readonly username: Username
  readonly password: string
  readonly deviceName: string
}

/** What a session is started with. */
export interface Opened {
  readonly record: SessionRecord
  readonly keys: StoredKeys
  readonly store: RecordStore
}

export type SignInResult =
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'wrong-password'; readonly attemptsLeft: number }
  | { readonly kind: 'too-many-attempts'; readonly retryAfterMs: number }

/** The ways into an account, and what each leaves on this device should it die half-way. */
export class Access {
  readonly #ports: AccessPorts
  #opened: { readonly keys: StoredKeys; readonly store: RecordStore } | undefined

  constructor(ports: AccessPorts) {
    this.#ports = ports
  }

  /** What an earlier run left, if it is signed in. */
  async resume(): Promise<Opened | undefined> {
    const keys = await this.#ports.keys.load()
    if (keys === undefined) return undefined
    const { store } = await this.#open(keys)
    const record = await store.get('session', { name: '' })
    return record === undefined || record.token === '' ? undefined : { record, keys, store }
  }

  async signUp({ username, password, deviceName }: Credentials): Promise<Opened> {
    const { keys, store } = await this.#openOrCreate()
    const record = await this.#begin(store, username)
    if (record.isRegistered) {
      throw new ChatError('CONFLICT', `${username} has an account here already. Sign in.`)
    }
    const device = newDevice(record.deviceId, deviceName, keys.device)
    const url = await this.#ports.servers.best()
    try {
      const { signedIn } = await signUp(this.#ports.api, { url, username, password, device })
      return await this.#finish({ record, keys, store }, signedIn, firstVaultVersion)
    } catch (error) {
      // Unless nobody knows what happened: then the record lets a sign-in find this device again.
      if (!hasCode(error, 'NETWORK', 'INTERNAL')) await this.#unregistered(store)
      throw error
    }
  }

  async signIn(
    credentials: Credentials,
  ): Promise<Opened | Exclude<SignInResult, { kind: 'signed-in' }>> {
    const { keys, store } = await this.#openOrCreate()
    const record = await this.#begin(store, credentials.username)
    const opened = { record, keys, store }
    try {
      const outcome = await this.#trySignIn(opened, credentials)
      if (outcome.kind !== 'unknown-device') return await this.#settle(opened, outcome)
      const fresh = await this.#asNewDevice(opened)
      return await this.#settle(fresh, await this.#trySignIn(fresh, credentials))
    } catch (error) {
      if (!hasCode(error, 'NETWORK', 'INTERNAL')) await this.#unregistered(store)
      if (!(error instanceof ChatError) || error.code !== 'TOO_MANY_ATTEMPTS') throw error
      return { kind: 'too-many-attempts', retryAfterMs: error.details.retryAfterMs ?? 0 }
    }
  }

  async #settle(opened: Opened, outcome: SignInOutcome) {
    switch (outcome.kind) {
      case 'signed-in':
        return this.#finish(opened, outcome.signedIn, outcome.vaultVersion)
      case 'wrong-password':
        await this.#unregistered(opened.store)
        return outcome
      case 'unknown-device':
        throw new ChatError('CONFLICT', 'The server refused this new device. Sign in again.')
    }
  }

  async #trySignIn({ record, keys }: Opened, credentials: Credentials): Promise<SignInOutcome> {
    return signIn(this.#ports.api, {
      url: await this.#ports.servers.best(),
      username: credentials.username,
      password: credentials.password,
      device: newDevice(record.deviceId, credentials.deviceName, keys.device),
      isRegistered: record.isRegistered,
      minVaultVersion: record.vaultVersion,
    })
  }

  /** Written before the server is asked: if this dies in between, a sign-in finds its way. */
  async #begin(store: RecordStore, username: Username): Promise<SessionRecord> {
    return store.update(async (transaction) => {
      const before = await transaction.get('session', { name: '' })
      if (before !== undefined && before.username !== username) {
        throw new ChatError(
          'CONFLICT',
          `This device belongs to ${before.username}. Sign out and forget it first.`,
        )
      }
      if (before !== undefined) return before
      const record = {
        username,
        deviceId: createDeviceId(),
        token: '',
        isRegistered: false,
        vaultVersion: 0,
      }
      transaction.put('session', { name: '' }, record)
      return record
    })
  }

  async #finish({ record, keys, store }: Opened, signedIn: SignedIn, vaultVersion: number) {
    const finished = { ...record, token: signedIn.token, isRegistered: true, vaultVersion }
    await store.update(async (transaction) => {
      transaction.put('session', { name: '' }, finished)
    })
    const directory = new Directory({
      store,
      operations: async () => {
        throw notSignedInError()
      },
      onKeyChanged: () => undefined,
      onKeyRestored: () => undefined,
    })
    const trust = await directory.judge(record.username, signedIn.viewer.account)
    if (trust.kind !== 'trusted') {
      throw new ChatError(
        'UNTRUSTED_ANSWER',
        'The server gave a device list of your account that does not hold. Do not go on with it.',
      )
    }
    return { record: finished, keys, store }
  }

  /** Keys first: whatever stays behind without them cannot be read any more. */
  async forget(): Promise<void> {
    await this.#ports.keys.clear()
    // What is still being written under the old keys must not come after the new beginning.
    await this.close()
    this.#opened = undefined
    await forgetRecords(this.#ports.storage)
  }

  async close(): Promise<void> {
    await this.#opened?.store.close()
  }

  async signOut({ store, record }: Opened, operations: ChatOperations): Promise<void> {
    // Also without a network: the session then ends at its time, and this device forgets it now.
    await operations.signOut().catch(() => undefined)
    await store.update(async (transaction) => {
      transaction.put('session', { name: '' }, { ...record, token: '' })
    })
  }

  /** Its mailbox is another, and so are its keys; what people wrote stays. */
  async #asNewDevice({ record, keys, store }: Opened): Promise<Opened> {
    const fresh = { ...keys, device: await this.#newDeviceKeys() }
    await this.#ports.keys.save(fresh)
    this.#opened = { keys: fresh, store }
    const changed = { ...record, deviceId: createDeviceId(), isRegistered: false }
    await store.update(async (transaction) => {
      transaction.put('session', { name: '' }, changed)
      transaction.delete('cursor', { name: '' })
      for (const { attempt: _ofTheOldDevice, ...waiting } of await store.list('outbox', {
        name: '',
      })) {
        if (waiting.expiresAtMs !== undefined) continue
        transaction.put('outbox', { name: '', order: waiting.messageId }, waiting)
      }
    })
    return { record: changed, keys: fresh, store }
  }

  /** A name that did not get in must not keep others out. */
  async #unregistered(store: RecordStore): Promise<void> {
    await store.update(async (transaction) => {
      const record = await transaction.get('session', { name: '' })
      if (record?.isRegistered === false) transaction.delete('session', { name: '' })
    })
  }

  async #openOrCreate() {
    const known = await this.#ports.keys.load()
    if (known !== undefined) return this.#open(known)
    const extractable = this.#ports.keys.needsExtractableKeys
    const keys = {
      device: await this.#newDeviceKeys(),
      storageKey: await createStorageKey({ extractable }),
    }
    await this.#ports.keys.save(keys)
    return this.#open(keys)
  }

  #newDeviceKeys() {
    return generateDeviceKeys({ extractable: this.#ports.keys.needsExtractableKeys })
  }

  async #open(keys: StoredKeys) {
    this.#opened ??= { keys, store: await openRecordStore(this.#ports.storage, keys.storageKey) }
    return this.#opened
  }
}

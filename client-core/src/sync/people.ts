import type { ChatApi } from '../api/chat-api.ts'
import type { Bytes, Username } from '../brands.ts'
import { type SafetyNumber, safetyNumber } from '../crypto/safety-number.ts'
import { isUsername } from '../crypto/username.ts'
import { ChatError } from '../errors.ts'
import type { SignInResult } from './access.ts'
import type { Trust } from './directory.ts'
import { revokeDevice } from './revoke-device.ts'
import type { ServerList } from './server-list.ts'
import type { Session } from './session.ts'

const maxFound = 20

export interface Person {
  readonly username: string
  readonly isOnline: boolean
  /** You compared safety numbers, and the key is still the same. */
  readonly isVerified: boolean
  /** The server offers another identity key; nothing is sent until `acceptKey`. */
  readonly hasNewKey: boolean
  readonly devices: readonly { readonly id: string; readonly name: string }[]
}

export interface OwnDevice {
  readonly id: string
  readonly name: string
  readonly isThisOne: boolean
}

export interface PeoplePorts {
  readonly session: Session
  readonly api: ChatApi
  readonly servers: ServerList
  readonly vaultVersion: number
}

/** What a client knows of accounts, its own among them, in the words of the person who asks. */
export class People {
  readonly #ports: PeoplePorts

  constructor(ports: PeoplePorts) {
    this.#ports = ports
  }

  async lookUp(username: Username): Promise<Person | null> {
    const { trust, isOnline } = await this.#ports.session.directory.refresh(username)
    if (trust.kind === 'not-found') return null
    const { list } = believed(username, trust)
    return {
      username,
      isOnline,
      isVerified: trust.kind === 'trusted' && trust.isVerified,
      hasNewKey: trust.kind === 'key-changed',
      devices: list.devices.map(({ id, name }) => ({ id, name })),
    }
  }

  async search(prefix: string): Promise<readonly string[]> {
    const operations = await this.#ports.session.operations()
    const found = await operations.searchAccounts(prefix, maxFound)
    // A name goes to the screen as it is, so what is not one does not go there.
    return found.map(({ username }) => username).filter(isUsername)
  }

  async safetyNumber(username: Username): Promise<SafetyNumber> {
    const { me, directory } = this.#ports.session
    const [mine, theirs] = [await directory.get(me.user), await directory.get(username)]
    return safetyNumber(
      { username: me.user, identityKey: shownKey(me.user, mine) },
      { username, identityKey: shownKey(username, theirs) },
    )
  }

  async verify(username: Username): Promise<void> {
    const { directory } = this.#ports.session
    const trust = await directory.get(username)
    if (trust.kind === 'key-changed') {
      throw new ChatError('KEY_CHANGED', `${username} has a new key. Accept it, then verify.`, {
        username,
      })
    }
    await directory.markVerified(username, shownKey(username, trust))
  }

  async acceptKey(username: Username): Promise<void> {
    const { directory, groups, outbox } = this.#ports.session
    if (!(await directory.acceptKey(username))) {
      throw new ChatError('NOT_FOUND', `${username} has no new key to accept.`, { username })
    }
    groups.recheck()
    await outbox.release(username)
  }

  async ownDevices(): Promise<readonly OwnDevice[]> {
    const { me, directory } = this.#ports.session
    const { trust } = await directory.refresh(me.user)
    const { list } = believed(me.user, trust)
    return list.devices.map(({ id, name }) => ({ id, name, isThisOne: id === me.deviceId }))
  }

  async revokeDevice(revokedId: string, password: string): Promise<SignInResult> {
    const { session, api, servers, vaultVersion } = this.#ports
    const { me, directory } = session
    const revocation = await revokeDevice(api, {
      url: await servers.best(),
      username: me.user,
      password,
      device: { id: me.deviceId, keys: me.keys },
      revokedId,
      minVaultVersion: vaultVersion,
    })
    switch (revocation.kind) {
      case 'revoked':
        await directory.judge(me.user, revocation.account)
        return { kind: 'signed-in' }
      case 'wrong-password':
        return revocation
      case 'unknown-device':
        throw new ChatError('FORBIDDEN', 'This device was taken out of the account. Sign in again.')
    }
  }
}

/** The key whose number the person is to compare: the new one, if there is one to decide about. */
function shownKey(username: Username, trust: Trust): Bytes {
  return trust.kind === 'key-changed'
    ? trust.offered.identityKey
    : believed(username, trust).list.identityKey
}

function believed(username: Username, trust: Trust) {
  switch (trust.kind) {
    case 'trusted':
    case 'key-changed':
      return trust
    case 'not-found':
      throw new ChatError('NOT_FOUND', `There is no account ${username}. Check the name.`)
    case 'refused':
      throw new ChatError(
        'UNTRUSTED_ANSWER',
        `The server gave keys of ${username} that do not hold. Try another server.`,
        { username },
      )
  }
}

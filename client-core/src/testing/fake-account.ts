import type { AccountAnswer, Addressee } from '../api/chat-api.ts'
import type { Bytes } from '../brands.ts'
import { type DeviceList, verifyDeviceList } from '../crypto/device-list.ts'
import { isUsername } from '../crypto/username.ts'
import { ChatError } from '../errors.ts'

export interface FakeAccount {
  readonly username: string
  readonly registrationRecord: string
  readonly vault: Bytes
  readonly vaultVersion: number
  list: DeviceList
  deviceList: Bytes
  deviceListSignature: Bytes
}

export interface OfferedList {
  readonly deviceList: Bytes
  readonly deviceListSignature: Bytes
}

/** Checks a list as the server does: its signature and, after another one, that it goes on from it. */
export async function acceptList(
  username: string,
  { deviceList, deviceListSignature }: OfferedList,
  before?: FakeAccount,
): Promise<DeviceList> {
  if (!isUsername(username)) throw new ChatError('BAD_USER_INPUT', 'This is no username.')
  const result = await verifyDeviceList(deviceList, deviceListSignature, {
    username,
    identityKey: before?.list.identityKey ?? null,
    minVersion: (before?.list.version ?? 0) + 1,
    seenHash: null,
  })
  if (result.kind === 'verified') return result.list
  const code = result.reason === 'rolled-back' ? 'CONFLICT' : 'BAD_USER_INPUT'
  throw new ChatError(code, `The device list is refused: ${result.reason}.`)
}

export function accountAnswer(account: FakeAccount, isOnline: boolean): AccountAnswer {
  const { username, deviceList, deviceListSignature, list } = account
  return {
    username,
    deviceList,
    deviceListSignature,
    deviceListVersion: list.version,
    online: isOnline,
  }
}

/** A message is sealed for exactly the current devices of an account, without the sending one. */
export function checkAddressee(
  { list }: FakeAccount,
  { username, deviceListVersion, keys }: Addressee,
  sender: { readonly deviceId: string },
): void {
  const wanted = list.devices.map(({ id }) => id).filter((id) => id !== sender.deviceId)
  const given = new Set(keys.map(({ deviceId }) => deviceId))
  const isCurrent = deviceListVersion === list.version
  if (isCurrent && wanted.length === given.size && wanted.every((id) => given.has(id))) return
  throw new ChatError('STALE_DEVICE_LIST', 'Fetch the list and seal again.', {
    username,
    currentVersion: list.version,
  })
}

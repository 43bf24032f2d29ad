import { randomUUID } from 'node:crypto'
import type { Account, AccountDevice } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { ConflictError, ForbiddenError, InvalidInputError, NameTakenError } from '../errors.ts'
import { limits } from '../limits.ts'
import { takeRate } from '../rate-limit.ts'
import { type ListedDevice, readDeviceList, type SignedDeviceList } from './device-list.ts'
import { isRegistrationProof } from './proofs.ts'
import { createSessionToken } from './session-token.ts'
import { requireUsername, skeletonOf } from './username.ts'

export interface FinishSignUp {
  readonly username: string
  readonly registrationRecord: string
  readonly vault: Uint8Array<ArrayBuffer>
  readonly vaultVersion: number
  readonly deviceList: Uint8Array<ArrayBuffer>
  readonly deviceListSignature: Uint8Array<ArrayBuffer>
  readonly deviceId: string
  readonly deviceProof: Uint8Array<ArrayBuffer>
}

/** A new session. The token is in nobody's hands but the client's. */
export interface SignedIn {
  readonly token: string
  readonly expiresAt: Date
  readonly account: Account
  readonly device: AccountDevice | null
}

/** Makes an account, its first device with a mailbox, and a session: all of it or nothing. */
export async function finishSignUp(
  deps: Pick<Deps, 'store' | 'rates' | 'opaque'>,
  network: string,
  input: FinishSignUp,
): Promise<SignedIn> {
  const username = requireUsername(input.username)
  await takeRate(deps, 'signUp', network)
  const list = readDeviceList(input.deviceList, input.deviceListSignature)
  const device = requireFirstDevice(list, username, input)
  if (!(await deps.opaque.isRegistrationRecord(username, input.registrationRecord)))
    throw new InvalidInputError(
      'registrationRecord',
      '"registrationRecord" is not an OPAQUE message. Update this client and try again.',
    )

  const { token, tokenHash } = createSessionToken()
  const insertion = await deps.store.accounts.insertAccount({
    id: randomUUID(),
    username,
    usernameSkeleton: skeletonOf(username),
    identityKey: list.identityKey,
    opaqueRecord: input.registrationRecord,
    vault: input.vault,
    vaultVersion: input.vaultVersion,
    list,
    device,
    session: { id: randomUUID(), tokenHash, lifetimeMs: limits.sessionMs },
  })
  if (insertion.kind === 'name-taken') throw new NameTakenError()
  if (insertion.kind === 'device-id-taken')
    throw new ConflictError(
      'This device is registered already. Make new device keys, then try again.',
    )
  return { ...insertion, token }
}

function requireFirstDevice(
  list: SignedDeviceList,
  username: string,
  { deviceId, deviceProof }: FinishSignUp,
): ListedDevice {
  const [device] = list.devices
  if (list.username !== username || list.version !== 1)
    throw new InvalidInputError(
      'deviceList',
      'The device list is not the first one of this name. Make a new one.',
    )
  if (device === undefined || list.devices.length !== 1 || device.id !== deviceId)
    throw new InvalidInputError('deviceList', 'The device list must hold this device and no other.')
  const { signingKey } = device
  if (!isRegistrationProof({ signingKey, signature: deviceProof, username, deviceId }))
    throw new ForbiddenError('The proof does not fit the key of this device. Nothing was stored.')
  return device
}

import type { Account, AccountDevice } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  UnauthenticatedError,
} from '../errors.ts'
import type { Viewer } from '../viewer.ts'
import { announceDevices } from './announce-devices.ts'
import { findOnlyDifference, readNextList } from './device-list-change.ts'
import { isRegistrationProof } from './proofs.ts'

export interface RegisterDevice {
  readonly deviceList: Uint8Array<ArrayBuffer>
  readonly deviceListSignature: Uint8Array<ArrayBuffer>
  readonly deviceId: string
  readonly deviceProof: Uint8Array
}

/** Adds the device that signed in with the password alone, and binds its session to it. */
export async function registerDevice(
  deps: Pick<Deps, 'store' | 'bus'>,
  viewer: Viewer,
  input: RegisterDevice,
): Promise<{ readonly account: Account; readonly device: AccountDevice }> {
  if (viewer.deviceId !== null)
    throw new ForbiddenError('This session has its device already. Sign in again to add another.')
  const kept = await deps.store.accounts.findById(viewer.clientId)
  if (kept === null) throw new UnauthenticatedError()
  const { current, next } = readNextList(kept, input.deviceList, input.deviceListSignature)
  const device = findOnlyDifference(current.devices, next.devices)
  if (device === undefined || device.id !== input.deviceId)
    throw new InvalidInputError(
      'deviceList',
      'The new device list must add this device and change nothing else.',
    )
  const { username } = kept
  const { signingKey, id: deviceId } = device
  if (!isRegistrationProof({ signingKey, signature: input.deviceProof, username, deviceId }))
    throw new ForbiddenError('The proof does not fit the key of this device. Nothing was stored.')

  const { clientId, sessionId } = viewer
  const addition = await deps.store.accounts.addDevice({ clientId, sessionId, list: next, device })
  if (addition.kind === 'session-ended') throw new UnauthenticatedError()
  if (addition.kind === 'list-changed')
    throw new ConflictError(
      'The device list has changed in the meantime. Fetch it, change it and sign it again.',
    )
  if (addition.kind === 'device-id-taken')
    throw new ConflictError(
      'This device was registered before. Make new device keys, then try again.',
    )
  announceDevices(deps.bus, addition.account)
  return addition
}

import type { Account } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { ConflictError, InvalidInputError, UnauthenticatedError } from '../errors.ts'
import type { DeviceViewer } from '../viewer.ts'
import { announceDevices } from './announce-devices.ts'
import { findOnlyDifference, readNextList } from './device-list-change.ts'

export interface RevokeDevice {
  readonly deviceList: Uint8Array<ArrayBuffer>
  readonly deviceListSignature: Uint8Array<ArrayBuffer>
  readonly deviceId: string
}

/** Takes a device out of the account for good, its own included: its sessions end, and what waited for it is gone. */
export async function revokeDevice(
  deps: Pick<Deps, 'store' | 'bus'>,
  viewer: DeviceViewer,
  input: RevokeDevice,
): Promise<{ readonly account: Account }> {
  const kept = await deps.store.accounts.findById(viewer.clientId)
  if (kept === null) throw new UnauthenticatedError()
  const { current, next } = readNextList(kept, input.deviceList, input.deviceListSignature)
  const device = findOnlyDifference(next.devices, current.devices)
  if (device === undefined || device.id !== input.deviceId)
    throw new InvalidInputError(
      'deviceList',
      'The new device list must leave out this device and change nothing else.',
    )

  const { clientId } = viewer
  const revocation = await deps.store.accounts.revokeDevice({
    clientId,
    list: next,
    deviceId: device.id,
  })
  if (revocation.kind === 'list-changed')
    throw new ConflictError(
      'The device list has changed in the meantime. Fetch it, change it and sign it again.',
    )
  // After commit: a server that looked earlier would find everything as it was.
  for (const sessionId of revocation.endedSessionIds)
    deps.bus.broadcast({ kind: 'session-revoked', sessionId })
  announceDevices(deps.bus, revocation.account)
  return revocation
}

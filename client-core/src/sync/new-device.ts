import type { DeviceKeys } from '../crypto/device-keys.ts'
import type { Device } from '../crypto/device-list.ts'

/** This client as it stands, or is about to stand, in the account's device list. */
export interface NewDevice {
  readonly entry: Device
  readonly keys: DeviceKeys
}

export function newDevice(id: string, name: string, keys: DeviceKeys): NewDevice {
  const { encryptionKey, signingKey } = keys
  return { entry: { id, name, encryptionKey, signingKey }, keys }
}

import type { Bytes, Username } from '../brands.ts'
import { signInContext } from './context-signature.ts'
import {
  type Device,
  type DeviceList,
  type DeviceListFields,
  encodeDeviceList,
} from './device-list.ts'
import { sha256 } from './hash.ts'
import type { Identity } from './identity.ts'

export interface SignedDeviceList {
  readonly list: DeviceList
  readonly bytes: Bytes
  readonly signature: Bytes
  /** SHA-256 of `bytes`, to recognise another list of the same version. */
  readonly hash: Bytes
}

export async function createDeviceList(
  identity: Identity,
  username: Username,
  device: Device,
): Promise<SignedDeviceList> {
  const { publicKey: identityKey } = identity
  return sign(identity, { username, version: 1, identityKey, devices: [device] })
}

/** Throws if the list already has a device of that id: ids are never used again. */
export async function addDevice(
  identity: Identity,
  list: DeviceList,
  device: Device,
): Promise<SignedDeviceList> {
  if (list.devices.some(({ id }) => id === device.id)) {
    throw new Error('"device.id" expected to be new, got one already in the list')
  }
  return sign(identity, nextVersion(list, [...list.devices, device]))
}

/** Throws if the list has no such device. */
export async function revokeDevice(
  identity: Identity,
  list: DeviceList,
  deviceId: string,
): Promise<SignedDeviceList> {
  const devices = list.devices.filter(({ id }) => id !== deviceId)
  if (devices.length === list.devices.length) {
    throw new Error('"deviceId" expected to be in the list, got one that is not')
  }
  return sign(identity, nextVersion(list, devices))
}

function nextVersion(list: DeviceList, devices: readonly Device[]): DeviceListFields {
  return { ...list, version: list.version + 1, devices }
}

async function sign(identity: Identity, unsorted: DeviceListFields): Promise<SignedDeviceList> {
  const devices = unsorted.devices.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const fields = { ...unsorted, identityKey: identity.publicKey, devices }
  const bytes = encodeDeviceList(fields)
  const signature = await signInContext('deviceList', identity.signingKey, bytes)
  return {
    list: fields as DeviceListFields as DeviceList,
    bytes,
    signature,
    hash: await sha256(bytes),
  }
}

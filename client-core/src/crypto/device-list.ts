import type { Brand, Bytes, Username } from '../brands.ts'
import { equalBytes } from './bytes.ts'
import { encodeCanonical, MalformedError } from './canonical-cbor.ts'
import { publicKeyLength, verifyInContext } from './context-signature.ts'
import { sha256 } from './hash.ts'
import { isDeviceId } from './ids.ts'
import { isRsa3072PublicKey, rsaPublicKeyLength } from './rsa-oaep.ts'
import {
  bytesOf,
  integer,
  isAscending,
  list,
  oneOf,
  parseCanonical,
  record,
  text,
} from './shape.ts'
import { isUsername } from './username.ts'

export const maxDevices = 64
const maxNameLength = 64

export interface Device {
  readonly id: string
  readonly name: string
  /** RSA-OAEP-3072, as SPKI. */
  readonly encryptionKey: Bytes
  /** Ed25519, 32 raw bytes. */
  readonly signingKey: Bytes
}

export interface DeviceListFields {
  readonly username: Username
  /** One higher with every change, so an older list is recognised. */
  readonly version: number
  readonly identityKey: Bytes
  /** Ascending by id. */
  readonly devices: readonly Device[]
}

/** A list whose signature was checked. Messages are encrypted to and accepted from no other. */
export type DeviceList = Brand<DeviceListFields, 'VerifiedDeviceList'>

export type DeviceListRefusal =
  | 'malformed'
  | 'other-user'
  | 'bad-signature'
  | 'identity-changed'
  | 'rolled-back'
  | 'forked'

export type DeviceListResult =
  | { readonly kind: 'verified'; readonly list: DeviceList; readonly hash: Bytes }
  | { readonly kind: 'refused'; readonly reason: DeviceListRefusal }

export interface ExpectedDeviceList {
  readonly username: Username
  /** The key seen before, or `null` at first contact: then the key in the list is trusted. */
  readonly identityKey: Bytes | null
  /** The highest version seen so far; 0 before the first. */
  readonly minVersion: number
  /** SHA-256 of the list of `minVersion`, if one was seen: two lists of one version are a fork. */
  readonly seenHash: Bytes | null
}

const deviceShape = record({
  id: text(isDeviceId),
  name: text((name) => name.length > 0 && name.length <= maxNameLength),
  encryptionKey: bytesOf(rsaPublicKeyLength),
  signingKey: bytesOf(publicKeyLength),
})

const deviceListShape = record({
  v: oneOf(1),
  username: text(isUsername),
  version: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  identityKey: bytesOf(publicKeyLength),
  devices: list(deviceShape, maxDevices),
})

/** Returns why a list is refused, never throws: the answer decides what a person is told. */
export async function verifyDeviceList(
  bytes: Bytes,
  signature: Bytes,
  expected: ExpectedDeviceList,
): Promise<DeviceListResult> {
  const fields = tryParse(bytes)
  if (fields === undefined) return { kind: 'refused', reason: 'malformed' }
  if (fields.username !== expected.username) return { kind: 'refused', reason: 'other-user' }
  if (!(await verifyInContext('deviceList', fields.identityKey, signature, bytes))) {
    return { kind: 'refused', reason: 'bad-signature' }
  }
  // After the signature, so a garbled list does not look like a person who changed keys.
  if (expected.identityKey !== null && !equalBytes(fields.identityKey, expected.identityKey)) {
    return { kind: 'refused', reason: 'identity-changed' }
  }
  if (fields.version < expected.minVersion) return { kind: 'refused', reason: 'rolled-back' }
  const hash = await sha256(bytes)
  const isSeenVersion = fields.version === expected.minVersion && expected.seenHash !== null
  if (isSeenVersion && !equalBytes(hash, expected.seenHash)) {
    return { kind: 'refused', reason: 'forked' }
  }
  return { kind: 'verified', list: fields as DeviceList, hash }
}

export function encodeDeviceList(fields: DeviceListFields): Bytes {
  const { username, version, identityKey } = fields
  const devices = fields.devices.map(({ id, name, encryptionKey, signingKey }) => {
    return { id, name, encryptionKey, signingKey }
  })
  const bytes = encodeCanonical({ v: 1, username, version, identityKey, devices })
  // What we sign must be what everybody else accepts, so it passes the same parser.
  parseDeviceList(bytes)
  return bytes
}

function parseDeviceList(bytes: Uint8Array): DeviceListFields {
  const { username, version, identityKey, devices } = parseCanonical(bytes, deviceListShape)
  if (!isAscending(devices.map((device) => device.id))) {
    throw new MalformedError('devices are not ascending by id')
  }
  if (!devices.every((device) => isRsa3072PublicKey(device.encryptionKey))) {
    throw new MalformedError('a device key is not RSA-3072')
  }
  return { username: username as Username, version, identityKey, devices }
}

function tryParse(bytes: Uint8Array): DeviceListFields | undefined {
  try {
    return parseDeviceList(bytes)
  } catch {
    return undefined
  }
}

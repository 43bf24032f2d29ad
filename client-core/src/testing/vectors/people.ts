import { readFileSync } from 'node:fs'
import type { Bytes, Plaintext, Username } from '../../brands.ts'
import { fromBase64url } from '../../crypto/base64url.ts'
import { noBytes, utf8 } from '../../crypto/bytes.ts'
import { type DeviceKeys, importDeviceKeys } from '../../crypto/device-keys.ts'
import type { Device } from '../../crypto/device-list.ts'
import {
  addDevice,
  createDeviceList,
  type SignedDeviceList,
} from '../../crypto/device-list-changes.ts'
import { type Identity, importIdentity } from '../../crypto/identity.ts'
import { createMessageId } from '../../crypto/ids.ts'
import type { OpenRequest, SealedMessage, SealRequest } from '../../crypto/message-protocol.ts'
import { SecretBytes } from '../../crypto/secret-bytes.ts'

/** RSA keys take half a second to make, so the people of all tests have theirs from a file. */
export type PersonName = 'alice' | 'bob' | 'carol' | 'dave' | 'mallory'

export interface TestDevice extends Device {
  readonly keys: DeviceKeys
}

export interface Person {
  readonly username: Username
  readonly identity: Identity
  readonly devices: readonly [TestDevice, ...TestDevice[]]
  readonly signedList: SignedDeviceList
}

interface StoredPerson {
  readonly identityKey: string
  readonly identitySecret: string
  readonly devices: readonly {
    readonly id: string
    readonly name: string
    readonly secret: string
  }[]
}

/** Parses a vector file beside this one. */
export function readVector<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T
}

export function bytesFrom(base64url: string): Bytes {
  const bytes = fromBase64url(base64url)
  if (bytes === undefined) throw new Error('"base64url" expected base64url')
  return bytes
}

export async function person(name: PersonName): Promise<Person> {
  const { people } = readVector<{ people: Record<PersonName, StoredPerson> }>('people.json')
  const stored = people[name]
  const secret = new SecretBytes(bytesFrom(stored.identitySecret))
  const identity = await importIdentity(bytesFrom(stored.identityKey), secret)
  const [first, ...others] = await Promise.all(stored.devices.map(loadDevice))
  if (first === undefined) throw new Error('"people.json" expected a device for everyone')
  const username = name as string as Username
  let signedList = await createDeviceList(identity, username, first)
  for (const other of others) signedList = await addDevice(identity, signedList.list, other)
  return { username, identity, devices: [first, ...others], signedList }
}

async function loadDevice(stored: StoredPerson['devices'][number]): Promise<TestDevice> {
  const keys = await importDeviceKeys(new SecretBytes(bytesFrom(stored.secret)), {
    extractable: false,
  })
  const { encryptionKey, signingKey } = keys
  return { id: stored.id, name: stored.name, encryptionKey, signingKey, keys }
}

/** A text from `sender` to `readers`, with every other field as it usually is. */
export function sealRequest(
  sender: Person,
  readers: readonly Person[],
  fields: Pick<SealRequest, 'conversation'> & Partial<SealRequest>,
): SealRequest {
  const [device] = sender.devices
  return {
    content: utf8('Meet at the old bridge.') as Plaintext,
    messageId: createMessageId(Date.UTC(2026, 10, 22), null),
    kind: 'text',
    sentAt: Date.UTC(2026, 10, 22),
    ttlMs: 120_000,
    prevHash: noBytes,
    sender: { user: sender.username, deviceId: device.id, keys: device.keys },
    recipients: readers.map((reader) => reader.signedList.list),
    ...fields,
  }
}

/** How `reader` opens on one device, knowing the device lists of `known`. */
export function openRequest(
  sealed: Pick<SealedMessage, 'envelope' | 'wraps'>,
  reader: Person,
  known: readonly Person[],
  device: TestDevice = reader.devices[0],
): OpenRequest {
  const mine = sealed.wraps.find((wrap) => wrap.deviceId === device.id)
  return {
    envelope: sealed.envelope,
    wrap: mine?.wrap ?? noBytes,
    me: { user: reader.username, deviceId: device.id, keys: device.keys },
    lookUpSender: async (user) =>
      known.find((candidate) => candidate.username === user)?.signedList.list,
  }
}

import { ConflictError, InvalidInputError } from '../errors.ts'
import { type ListedDevice, readDeviceList, type SignedDeviceList } from './device-list.ts'

interface KeptList {
  readonly username: string
  readonly identityKey: Uint8Array<ArrayBuffer>
  readonly deviceList: Uint8Array<ArrayBuffer>
  readonly deviceListSignature: Uint8Array<ArrayBuffer>
}

/** The list after the one that is kept, of the same account, by the same identity key; or a refusal. */
export function readNextList(
  kept: KeptList,
  bytes: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): { readonly current: SignedDeviceList; readonly next: SignedDeviceList } {
  const next = readDeviceList(bytes, signature)
  if (next.username !== kept.username || !isSame(next.identityKey, kept.identityKey))
    throw new InvalidInputError(
      'deviceList',
      'The device list belongs to another account. Nothing was changed.',
    )
  const current = readDeviceList(kept.deviceList, kept.deviceListSignature)
  if (next.version !== current.version + 1)
    throw new ConflictError(
      'The device list has changed in the meantime. Fetch it, change it and sign it again.',
    )
  return { current, next }
}

/** The one device that `longer` has and `shorter` has not; undefined if anything else differs. */
export function findOnlyDifference(
  shorter: readonly ListedDevice[],
  longer: readonly ListedDevice[],
): ListedDevice | undefined {
  const kept = new Map(shorter.map((device) => [device.id, device]))
  const extra = longer.filter(({ id }) => !kept.has(id))
  const isRestUnchanged = longer.every((device) => {
    const before = kept.get(device.id)
    return before === undefined || isSameDevice(before, device)
  })
  if (extra.length !== 1 || longer.length !== shorter.length + 1 || !isRestUnchanged)
    return undefined
  return extra[0]
}

function isSameDevice(one: ListedDevice, other: ListedDevice): boolean {
  return (
    one.name === other.name &&
    isSame(one.encryptionKey, other.encryptionKey) &&
    isSame(one.signingKey, other.signingKey)
  )
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

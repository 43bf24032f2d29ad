import type { Deps } from '../deps.ts'
import { ForbiddenError, InvalidInputError, PayloadTooLargeError } from '../errors.ts'
import { verifyInContext } from '../identity/context-signature.ts'
import { limits } from '../limits.ts'
import type { DeviceViewer } from '../viewer.ts'
import { type RosterEntry, readRosterEntry } from './roster-entry.ts'

export interface SignedEntry {
  readonly groupId: string
  readonly entry: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/** An entry of this group, made and signed by the very device that sends it. */
export async function readSignedEntry(
  { store }: Pick<Deps, 'store'>,
  viewer: DeviceViewer,
  { groupId, entry: bytes, signature }: SignedEntry,
): Promise<RosterEntry> {
  if (bytes.length > limits.rosterEntryBytes)
    throw new PayloadTooLargeError(
      limits.rosterEntryBytes,
      `A roster entry may have at most ${limits.rosterEntryBytes} bytes.`,
    )
  const entry = readRosterEntry(bytes)
  if (entry === undefined)
    throw new InvalidInputError(
      'entry',
      'The roster entry cannot be read. Update this client and try again.',
    )
  if (entry.group !== groupId)
    throw new InvalidInputError('entry', 'The roster entry belongs to another group.')
  if (entry.author !== viewer.username || entry.authorDevice !== viewer.deviceId)
    throw new InvalidInputError(
      'entry',
      'The roster entry names another author or device than the one that sends it.',
    )
  const device = await store.accounts.findDevice(viewer.deviceId)
  if (device === null || device.revokedIn !== null)
    throw new ForbiddenError('This device has been revoked. Sign in again.')
  if (!verifyInContext('roster', device.signingKey, signature, bytes))
    throw new InvalidInputError(
      'signature',
      'The roster entry is not signed by the key of this device. Nothing was changed.',
    )
  return entry
}

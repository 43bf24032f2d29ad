import type { Bytes } from '../brands.ts'
import { signInContext, verifyInContext } from './context-signature.ts'
import type { DeviceKeys } from './device-keys.ts'
import { encodeRosterEntry, type RosterEntry, type RosterEntryFields } from './roster-entry.ts'

export interface SignedRosterEntry {
  readonly entry: RosterEntry
  readonly signature: Bytes
}

/** Throws `MalformedError` on fields that nobody would accept. */
export async function signRosterEntry(
  keys: DeviceKeys,
  fields: RosterEntryFields,
): Promise<SignedRosterEntry> {
  const entry = await encodeRosterEntry(fields)
  const signature = await signInContext('roster', keys.privateKeys.signing, entry.bytes)
  return { entry, signature }
}

/** `signingKey` is that of the author's device, from a list that the author's identity key signed. */
export function isSignedBy(
  signingKey: Bytes,
  { entry, signature }: SignedRosterEntry,
): Promise<boolean> {
  return verifyInContext('roster', signingKey, signature, entry.bytes)
}

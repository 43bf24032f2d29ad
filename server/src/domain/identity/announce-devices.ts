import type { Account } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'

/** Tells every server that an account has other devices now. Call it after commit. */
export function announceDevices(
  bus: Deps['bus'],
  { id, username, deviceListVersion }: Account,
): void {
  bus.broadcast({ kind: 'devices', clientId: id, username, version: deviceListVersion })
}

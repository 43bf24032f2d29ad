import type { Account, AccountDevice } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { UnauthenticatedError } from '../errors.ts'
import type { Viewer } from '../viewer.ts'

/** Who is asking, with what only they may see. */
export interface OwnAccount {
  readonly account: Account
  /** Null until the device has been registered. */
  readonly device: AccountDevice | null
}

export async function getViewer(
  { store }: Pick<Deps, 'store'>,
  { clientId, deviceId }: Viewer,
): Promise<OwnAccount> {
  const [account, device] = await Promise.all([
    store.accounts.findById(clientId),
    deviceId === null ? null : store.accounts.findDevice(deviceId),
  ])
  if (account === null) throw new UnauthenticatedError()
  return { account, device }
}

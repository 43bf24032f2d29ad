import type { Account } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { normalizeUsername } from '../identity/username.ts'
import { takeRate } from '../rate-limit.ts'
import type { Viewer } from '../viewer.ts'

/** The accounts of these names, in their order; null where there is none. */
export async function lookUpAccounts(
  deps: Pick<Deps, 'store' | 'rates'>,
  viewer: Viewer,
  usernames: readonly string[],
): Promise<(Account | null)[]> {
  await takeRate(deps, 'lookUp', viewer.clientId)
  const wanted = usernames.map(normalizeUsername)
  const found = await deps.store.accounts.findByUsernames([
    ...new Set(wanted.filter((username) => username !== null)),
  ])
  const byName = new Map(found.map((account) => [account.username, account]))
  return wanted.map((username) => (username === null ? null : (byName.get(username) ?? null)))
}

import type { Account } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import { takeRate } from '../rate-limit.ts'
import type { Viewer } from '../viewer.ts'

export interface SearchAccounts {
  readonly prefix: string
  /** The last name of the page before; null for the first page. */
  readonly after: string | null
  readonly limit: number
}

/** Accounts whose names begin with a prefix, by name. Every character stands for itself. */
export async function searchAccounts(
  deps: Pick<Deps, 'store' | 'rates'>,
  viewer: Viewer,
  { prefix, after, limit }: SearchAccounts,
): Promise<{ readonly accounts: readonly Account[]; readonly hasNextPage: boolean }> {
  await takeRate(deps, 'lookUp', viewer.clientId)
  // No name begins with anything else, and PostgreSQL takes no text with a NUL in it.
  if (!/^[a-z0-9_.-]*$/i.test(prefix)) return { accounts: [], hasNextPage: false }
  const page = { prefix: prefix.toLowerCase(), after, limit: limit + 1 }
  const accounts = await deps.store.accounts.listByPrefix(page)
  return { accounts: accounts.slice(0, limit), hasNextPage: accounts.length > limit }
}

import type { Deps } from '../deps.ts'
import { limits } from '../limits.ts'
import type { Viewer } from '../viewer.ts'
import { type GroupView, viewOf } from './group-view.ts'

/** The viewer's groups, and those it was removed from in the last 30 days, by id. */
export async function listGroups(
  { store }: Pick<Deps, 'store'>,
  { clientId }: Pick<Viewer, 'clientId'>,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<{ readonly groups: readonly GroupView[]; readonly hasNextPage: boolean }> {
  const memberships = await store.groups.listMemberships({
    ...{ clientId, after, limit: limit + 1 },
    leftForMs: limits.groupForgetMs,
  })
  return {
    groups: memberships.slice(0, limit).map(viewOf),
    hasNextPage: memberships.length > limit,
  }
}

import type { Deps } from '../deps.ts'

export interface Presence {
  /** True if a device of the account is attached to a server that lives. */
  isOnline(clientId: string): Promise<boolean>
}

/** Questions of one tick are asked of the database together: a list of accounts costs one statement. */
export function createPresence(store: Pick<Deps['store'], 'accounts'>): Presence {
  let batch: { readonly clientIds: Set<string>; readonly online: Promise<Set<string>> } | null =
    null

  function openBatch() {
    const clientIds = new Set<string>()
    const online = Promise.resolve().then(() => {
      batch = null
      return store.accounts.findOnline([...clientIds])
    })
    return { clientIds, online }
  }

  return {
    async isOnline(clientId) {
      batch ??= openBatch()
      batch.clientIds.add(clientId)
      return (await batch.online).has(clientId)
    },
  }
}

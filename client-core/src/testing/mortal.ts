import type { ChatApi, ChatOperations, Link } from '../api/chat-api.ts'
import type { Storage } from '../storage/storage.ts'

export interface Life {
  readonly api: ChatApi
  readonly storage: Storage
  readonly isOver: boolean
}

/**
 * A process that is killed at a step of its life: steps are the moments before and after every
 * commit and every request. From then on nothing it waits for ever comes, and nothing it does is
 * done; what it has done stays.
 */
export function mortal(api: ChatApi, storage: Storage, dieAtStep: number): Life {
  let step = 0
  const links = new Set<Link>()

  const pass = (): Promise<void> => {
    step += 1
    if (step < dieAtStep) return Promise.resolve()
    if (step === dieAtStep) for (const link of links) link.close()
    return new Promise(() => undefined)
  }
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    await pass()
    const result = await act()
    await pass()
    return result
  }
  const mortalOperations = (operations: ChatOperations): ChatOperations => {
    const entries = Object.entries(operations).map(([name, call]) => {
      const operation = call as (...args: readonly unknown[]) => Promise<unknown>
      return [name, (...args: readonly unknown[]) => around(() => operation(...args))]
    })
    return Object.fromEntries(entries) as ChatOperations
  }

  return {
    get isOver() {
      return step >= dieAtStep
    },
    storage: { ...storage, commit: (changes) => around(() => storage.commit(changes)) },
    api: {
      http: (url, token) => mortalOperations(api.http(url, token)),
      async connect(options) {
        await pass()
        const link = await api.connect(options)
        links.add(link)
        await pass()
        return { ...link, operations: mortalOperations(link.operations) }
      },
    },
  }
}

import type { Storage } from './storage.ts'

type Check = (holds: boolean, claim: string) => void

interface ContractCase {
  readonly name: string
  run(storage: Storage, check: Check): Promise<void>
}

const one = Uint8Array.of(1)
const two = Uint8Array.of(2)

/**
 * What every `Storage` promises, as cases that any test runner can run: it calls `run` with a new,
 * empty storage each. Not bound to a test runner, so that a browser backend runs the same cases.
 */
export const storageContract: readonly ContractCase[] = [
  {
    name: 'a value that was put is found again, byte for byte',
    async run(storage, check) {
      await storage.commit([{ kind: 'put', collection: 'c', key: 'k', value: one }])
      check((await storage.get('c', 'k'))?.[0] === 1, 'the stored byte is read')
      check((await storage.get('c', 'other')) === undefined, 'an unknown key has no value')
      check((await storage.get('d', 'k')) === undefined, 'collections are apart')
    },
  },
  {
    name: 'a stored value does not change with the array it came from',
    async run(storage, check) {
      const value = Uint8Array.of(7)
      await storage.commit([{ kind: 'put', collection: 'c', key: 'k', value }])
      value.fill(0)
      check((await storage.get('c', 'k'))?.[0] === 7, 'the stored byte stays')
    },
  },
  {
    name: 'an empty value is a value',
    async run(storage, check) {
      await storage.commit([{ kind: 'put', collection: 'c', key: 'k', value: new Uint8Array(0) }])
      check((await storage.get('c', 'k'))?.length === 0, 'the empty value is found')
    },
  },
  {
    name: 'one commit changes several collections and the last change of a key wins',
    async run(storage, check) {
      await storage.commit([
        { kind: 'put', collection: 'c', key: 'k', value: one },
        { kind: 'put', collection: 'd', key: 'k', value: one },
        { kind: 'put', collection: 'c', key: 'k', value: two },
        { kind: 'delete', collection: 'd', key: 'k' },
        { kind: 'delete', collection: 'd', key: 'never there' },
      ])
      check((await storage.get('c', 'k'))?.[0] === 2, 'the second put wins')
      check((await storage.get('d', 'k')) === undefined, 'the delete wins')
    },
  },
  {
    name: 'a list is in the order of the keys, from inclusive, before exclusive',
    async run(storage, check) {
      await putKeys(storage, ['b', 'a', 'd', 'c', 'a/2', 'B', '-'])
      const all = await keysOf(storage, {})
      check(all === '-,B,a,a/2,b,c,d', `byte order of all keys, got ${all}`)
      const some = await keysOf(storage, { from: 'a/2', before: 'd' })
      check(some === 'a/2,b,c', `from a/2 before d, got ${some}`)
    },
  },
  {
    name: 'a backward list begins at the end and a limit cuts it',
    async run(storage, check) {
      await putKeys(storage, ['a', 'b', 'c', 'd'])
      const last = await keysOf(storage, { before: 'd', direction: 'backward', limit: 2 })
      check(last === 'c,b', `the last two before d, got ${last}`)
      const first = await keysOf(storage, { limit: 3 })
      check(first === 'a,b,c', `the first three, got ${first}`)
    },
  },
  {
    name: 'only one holds the lock, and it can be taken again after it was released',
    async run(storage, check) {
      const first = await storage.lock()
      check(first !== undefined, 'the lock of a new storage is free')
      check((await storage.lock()) === undefined, 'a second lock is refused')
      await first?.release()
      check((await storage.lock()) !== undefined, 'a released lock is free')
    },
  },
]

async function putKeys(storage: Storage, keys: readonly string[]): Promise<void> {
  await storage.commit(
    keys.map((key) => ({ kind: 'put' as const, collection: 'c', key, value: one })),
  )
}

async function keysOf(
  storage: Storage,
  range: Omit<Parameters<Storage['list']>[0], 'collection'>,
): Promise<string> {
  const entries = await storage.list({ collection: 'c', ...range })
  return entries.map((entry) => entry.key).join()
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStorageKey } from '../crypto/local-record.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { StorageChange } from '../storage/storage.ts'
import { openRecordStore } from './record-store.ts'

const server = { id: '1', url: 'http://secret-server' }

test('neither what is stored nor under which name can be read without the key', async () => {
  const written: StorageChange[] = []
  const memory = memoryStorage()
  const storage = {
    ...memory,
    commit: async (changes: readonly StorageChange[]) => {
      written.push(...changes)
      await memory.commit(changes)
    },
  }
  const store = await openRecordStore(storage, await createStorageKey({ extractable: false }))

  await store.update(async (transaction) => {
    transaction.put('servers', { name: 'secret-name', order: '7' }, { servers: [server] })
  })

  const seen = written.map((change) =>
    change.kind === 'put' ? `${change.key} ${new TextDecoder('latin1').decode(change.value)}` : '',
  )
  assert.equal(seen.length, 2)
  assert.ok(seen.every((text) => !text.includes('secret')))
})

test('a list holds one name only, in its order, and reads back what was written', async () => {
  const store = await newStore()
  await store.update(async (transaction) => {
    for (const [name, order] of [
      ['a', '2'],
      ['b', '1'],
      ['a', '1'],
      ['a', '3'],
    ] as const) {
      transaction.put('place', { name, order }, { conversation: name, position: order })
    }
  })

  const page = await store.list('place', {
    name: 'a',
    before: '3',
    direction: 'backward',
    limit: 5,
  })

  assert.deepEqual(
    page.map(({ position }) => position),
    ['2', '1'],
  )
})

test('an update that fails writes nothing, and the next one goes on', async () => {
  const store = await newStore()

  await assert.rejects(
    store.update(async (transaction) => {
      transaction.put('cursor', { name: '' }, { cursor: 'lost' })
      throw new Error('in the middle')
    }),
  )
  await store.update(async (transaction) => {
    assert.equal(await transaction.get('cursor', { name: '' }), undefined)
    transaction.put('cursor', { name: '' }, { cursor: 'kept' })
    assert.deepEqual(await transaction.get('cursor', { name: '' }), { cursor: 'kept' })
  })

  assert.deepEqual(await store.get('cursor', { name: '' }), { cursor: 'kept' })
})

test('updates run one after the other, so that counting loses nothing', async () => {
  const store = await newStore()
  const add = () =>
    store.update(async (transaction) => {
      const before = await transaction.get('place', { name: 'n' })
      const position = String(Number(before?.position ?? 0) + 1)
      transaction.put('place', { name: 'n' }, { conversation: 'c', position })
    })

  await Promise.all(Array.from({ length: 50 }, add))

  assert.equal((await store.get('place', { name: 'n' }))?.position, '50')
})

test('closing waits for what is under way and refuses what comes later', async () => {
  const store = await newStore()
  const put = () =>
    store.update(async (transaction) => {
      transaction.put('cursor', { name: '' }, { cursor: 'kept' })
    })

  const early = put()
  await store.close()
  await assert.rejects(put(), { code: 'CLOSED' })

  await early
  assert.deepEqual(await store.get('cursor', { name: '' }), { cursor: 'kept' })
})

test('a record that was moved to another place is damage', async () => {
  const storage = memoryStorage()
  const store = await openRecordStore(storage, await createStorageKey({ extractable: false }))
  await store.update(async (transaction) => {
    transaction.put('cursor', { name: 'one' }, { cursor: '1' })
    transaction.put('cursor', { name: 'two' }, { cursor: '2' })
  })
  const [first, second] = await storage.list({ collection: 'cursor' })
  assert.ok(first !== undefined && second !== undefined)

  await storage.commit([{ kind: 'put', collection: 'cursor', key: first.key, value: second.value }])

  await assert.rejects(store.list('cursor', {}), { code: 'STORAGE_DAMAGED' })
})

test('a storage of another key is damage and not an empty one', async () => {
  const storage = memoryStorage()
  await openRecordStore(storage, await createStorageKey({ extractable: false }))

  const other = createStorageKey({ extractable: false })

  await assert.rejects(openRecordStore(storage, await other), { code: 'STORAGE_DAMAGED' })
})

async function newStore() {
  return openRecordStore(memoryStorage(), await createStorageKey({ extractable: false }))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage } from './memory-storage.ts'
import { storageContract } from './storage.contract.ts'

for (const { name, run } of storageContract) {
  test(`in memory, ${name}`, async () => {
    const storage = memoryStorage()

    await run(storage, (holds, claim) => assert.ok(holds, claim))

    await storage.close()
  })
}

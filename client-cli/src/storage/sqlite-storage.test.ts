import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { storageContract } from '@fastchat/client-core/testing'
import { sqliteStorage } from './sqlite-storage.ts'

async function storeFile(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-store-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return path.join(folder, 'data', 'store.sqlite')
}

for (const { name, run } of storageContract) {
  test(`in a file, ${name}`, async (context) => {
    const storage = await sqliteStorage(await storeFile(context))

    await run(storage, (holds, claim) => assert.ok(holds, claim))

    await storage.close()
  })
}

test('what was committed is there after the file is opened again', async (context) => {
  const file = await storeFile(context)
  const first = await sqliteStorage(file)
  await first.commit([{ kind: 'put', collection: 'c', key: 'k', value: Uint8Array.of(7) }])
  await first.close()

  const second = await sqliteStorage(file)

  assert.deepEqual(await second.get('c', 'k'), Uint8Array.of(7))
  await second.close()
})

test('a failed commit changes nothing', async (context) => {
  const storage = await sqliteStorage(await storeFile(context))
  const wrong = 'not bytes' as unknown as Uint8Array<ArrayBuffer>

  await assert.rejects(
    storage.commit([
      { kind: 'put', collection: 'c', key: 'a', value: Uint8Array.of(1) },
      { kind: 'put', collection: 'c', key: 'b', value: wrong },
    ]),
  )

  assert.equal(await storage.get('c', 'a'), undefined)
  await storage.close()
})

test('another process cannot take the lock, until the holder dies', async (context) => {
  const file = await storeFile(context)
  const program = `
    const { sqliteStorage } = await import(process.argv[1])
    const storage = await sqliteStorage(process.argv[2])
    console.log((await storage.lock()) !== undefined)
    setInterval(() => {}, 1000)`
  const module = new URL('./sqlite-storage.ts', import.meta.url).href
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program, module, file])
  context.after(() => holder.kill('SIGKILL'))
  const [said] = await once(holder.stdout, 'data')
  assert.equal(String(said).trim(), 'true')

  const storage = await sqliteStorage(file)
  assert.equal(await storage.lock(), undefined)

  holder.kill('SIGKILL')
  await once(holder, 'exit')
  assert.notEqual(await storage.lock(), undefined)
  await storage.close()
})

test('the files are for their owner only', {
  skip: process.platform === 'win32' && 'Windows has no file modes',
}, async (context) => {
  const file = await storeFile(context)
  const storage = await sqliteStorage(file)
  await storage.lock()
  await storage.commit([{ kind: 'put', collection: 'c', key: 'k', value: Uint8Array.of(7) }])

  for (const each of [file, `${file}-wal`, `${file}.lock`]) {
    assert.equal((await stat(each)).mode & 0o777, 0o600, each)
  }
  await storage.close()
})

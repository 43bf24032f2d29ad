import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { fileDesk } from '../../client-cli/src/images/file-desk.ts'
import { pngWithSecrets } from '../../client-cli/src/images/testing/pictures.ts'
import { until } from '../../client-core/src/testing/fake-clock.ts'
import type { ChunkLie } from '../../client-core/src/testing/fake-files.ts'
import { newWorld, startClient } from '../../client-core/src/testing/people.ts'

const lies: { readonly [What in string]: ChunkLie } = {
  changed: ({ fileId, index }, chunkOf) => {
    const chunk = chunkOf(fileId, index)
    return chunk && Uint8Array.from(chunk, (byte, at) => (at === 40 ? byte ^ 0x80 : byte))
  },
  'cut short': ({ fileId, index }, chunkOf) => chunkOf(fileId, index)?.slice(0, -1) ?? null,
  replaced: () => new Uint8Array(3000),
}

for (const [how, lie] of Object.entries(lies)) {
  test(`a file that a server has ${how} is neither saved nor shown`, async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'fastchat-tampered-'))
    const world = newWorld()
    const alice = await startClient(world, 'alice')
    const bob = await startClient(world, 'bob')
    const newest = async () => {
      return (await bob.history('alice')).findLast((message) => message.kind === 'file')
    }
    try {
      world.service.files.unsafeLie(lie)
      const data = await pngWithSecrets()
      await alice.sendFile('bob', { data, name: 'map.png', type: 'image/png' })
      await until(world.clock, 'it is judged', async () => {
        return (await newest())?.file.state === 'damaged'
      })

      const message = await newest()
      assert.ok(message)
      const desk = fileDesk({ client: bob, env: { HOME: home }, protocol: 'blocks' })
      const refused = { code: 'NOT_FOUND', message: /not what was sent/ }
      await assert.rejects(desk.save(message), refused)
      await assert.rejects(desk.picture(message, { columns: 20, rows: 10 }), refused)

      assert.deepEqual(await readdir(home), [])
    } finally {
      await rm(home, { recursive: true })
    }
  })
}

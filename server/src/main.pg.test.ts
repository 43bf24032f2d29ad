import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts'
import { createOpaqueSetup } from './domain/identity/opaque-server.ts'

let database: TestDatabase
let folder: string
const running = new Set<ChildProcess>()

before(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-main-'))
  const secrets = {
    secret: randomBytes(32).toString('base64url'),
    opaqueServerSetup: await createOpaqueSetup(),
  }
  await writeFile(path.join(folder, 'secrets.json'), JSON.stringify(secrets))
  await writeFile(path.join(folder, 'damaged.json'), '{"secret":"hunter2"')
})
after(async () => {
  for (const child of running) child.kill('SIGKILL')
  await Promise.all([database.drop(), rm(folder, { recursive: true })])
})

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: {
      FASTCHAT_SERVER_ID: '1',
      PORT: '0',
      DATABASE_URL: database.url,
      FASTCHAT_SECRET_FILE: path.join(folder, 'secrets.json'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  running.add(child)
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('unreachable: both are pipes')
  stdout.resume()
  // Not 'close': it does not come once the channel was closed from here.
  const ended = Promise.all([once(child, 'exit'), text(stderr)]).then(([[code], said]) => ({
    code,
    said: said.trim(),
  }))
  return { child, ended, ready: once(child, 'message') }
}

const refusals: Record<string, { env: () => Promise<Record<string, string>>; says: RegExp }> = {
  'a port that is in use': {
    async env() {
      const other = createServer().listen(0, '127.0.0.1').unref()
      await once(other, 'listening')
      return { PORT: String((other.address() as { port: number }).port) }
    },
    says: /^Port \d+ is in use\. Stop the program that has it, or set PORT to another\.$/,
  },
  'an environment with mistakes': {
    env: async () => ({ PORT: 'many', MESSAGE_TTL_SECONDS: '-1' }),
    says: /^The configuration has mistakes:\n {2}PORT .*\n {2}MESSAGE_TTL_SECONDS .*$/,
  },
  'a secret file that is not there': {
    env: async () => ({ FASTCHAT_SECRET_FILE: '/nowhere/secrets.json' }),
    says: /^The secret file \/nowhere\/secrets\.json cannot be read \(ENOENT\)\..*$/,
  },
  'a secret file that is damaged': {
    env: async () => ({ FASTCHAT_SECRET_FILE: path.join(folder, 'damaged.json') }),
    says: /^The secret file .* is damaged\. Put a backup of it in its place\.$/,
  },
  'a database that does not answer': {
    env: async () => ({ DATABASE_URL: 'postgresql://nobody:hunter2@127.0.0.1:1/none' }),
    says: /^The database does not answer\. Start it, or check DATABASE_URL\.$/,
  },
}

for (const [name, { env, says }] of Object.entries(refusals))
  test(`${name} is told in one line and ends the process with 1`, async () => {
    const { ended } = run(await env())

    const { code, said } = await ended

    assert.equal(code, 1)
    assert.match(said, says)
    assert.doesNotMatch(said, /hunter2/)
  })

test('a server with another message lifetime than the running ones is refused', async () => {
  const first = run({ MESSAGE_TTL_SECONDS: '120' })
  await first.ready

  const { code, said } = await run({ FASTCHAT_SERVER_ID: '2', MESSAGE_TTL_SECONDS: '60' }).ended

  assert.equal(code, 1)
  assert.match(
    said,
    /^Server 1 keeps messages for 120 s and this one was told 60 s\. Give every server the same MESSAGE_TTL_SECONDS/,
  )
  first.child.kill('SIGKILL')
  await first.ended
})

test('a server whose supervisor is gone ends by itself', async () => {
  const { child, ready, ended } = run({ FASTCHAT_SERVER_ID: '3' })
  await ready

  child.disconnect()

  assert.equal((await ended).code, 0)
})

test('asked twice to stop, a server does not wait for anybody', async () => {
  const { child, ready, ended } = run({ FASTCHAT_SERVER_ID: '4' })
  const [{ url }] = (await ready) as [{ url: string }]
  // They are sent away over more than two seconds, were it for the first request alone.
  const sockets = Array.from(
    { length: 300 },
    () => new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'),
  )
  await Promise.all(sockets.map((socket) => once(socket, 'open')))

  child.kill('SIGTERM')
  await Promise.race(sockets.map((socket) => once(socket, 'close')))
  const began = performance.now()
  child.kill('SIGTERM')
  const { code } = await ended

  assert.equal(code, 0)
  assert(performance.now() - began < 1500)
})

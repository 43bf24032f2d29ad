import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { startCluster } from '../support/cluster.ts'
import { hears, signedUp } from '../support/people.ts'

const root = path.resolve(import.meta.dirname, '../..')

test('the echo bot of the manual has at most fifteen lines, and echoes', async (context) => {
  await using cluster = await startCluster({ servers: 2 })
  const program = await firstExample('docs/bots.md')
  assert.ok(program.split('\n').filter((line) => line.trim() !== '').length <= 15)

  run(context, program, { FASTCHAT_URL: cluster.url, BOT_PASSWORD: 'a long one' })
  await using alice = await signedUp(cluster.url, 'alice')
  await untilThere(alice, 'echo-bot')
  const heard = hears(alice, 2)
  await alice.send('echo-bot', { text: 'Is there an echo?' })
  await alice.send('echo-bot', { text: 'There is.' })

  assert.deepEqual(await heard, ['Is there an echo?', 'There is.'])
})

async function firstExample(file: string): Promise<string> {
  const text = await readFile(path.join(root, file), 'utf8')
  const program = /```ts\n(.*?)```/s.exec(text)?.[1]
  if (program === undefined) throw new Error(`There is no example in ${file}.`)
  return program
}

function run(context: TestContext, program: string, env: Record<string, string>): void {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  context.after(async () => {
    if (child.exitCode !== null) return
    child.kill()
    await once(child, 'exit')
  })
}

async function untilThere(client: ChatClient, username: string): Promise<void> {
  const deadline = Date.now() + 15_000
  while ((await client.lookUp(username))?.isOnline !== true) {
    if (Date.now() > deadline) throw new Error(`${username} did not come on-line.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

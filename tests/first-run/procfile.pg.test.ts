import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { reservePorts } from '../support/reserve-ports.ts'

const root = path.resolve(import.meta.dirname, '../..')
const ops = (name: string) => readFile(path.join(root, 'ops', name), 'utf8')
const children: ChildProcess[] = []
let database: TestDatabase
let folder: string

before(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-ops-'))
  await runToItsEnd('sh ops/prepare.sh')
})
after(async () => {
  await Promise.all(children.map((child) => stop(child)))
  await database.drop()
  await rm(folder, { recursive: true })
})

const environment = () => ({
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
  DATABASE_URL: database.url,
  FASTCHAT_SECRET_FILE: path.join(folder, 'secret.json'),
})

/** As a process manager does it: through a shell, in the root of the repository, with a port of its own. */
function start(command: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', `exec env ${command}`], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return child.exitCode
}

/** Resolves when it says that it has started. */
async function untilStarted(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stdout as Readable })
  for await (const line of lines) if (line.includes('"event":"started"')) return
  throw new Error(`It ended with ${child.exitCode}.`)
}

async function runToItsEnd(command: string): Promise<void> {
  const child = start(command)
  child.stdout?.resume()
  const [code] = await once(child, 'exit')
  assert.equal(code, 0, command)
}

test('prepare.sh makes the secret once, for its owner alone, and can be run again', async () => {
  const file = environment().FASTCHAT_SECRET_FILE
  const made = await readFile(file, 'utf8')

  await runToItsEnd('sh ops/prepare.sh')

  assert.equal((await stat(file)).mode & 0o077, 0)
  assert.match(made, /"opaqueServerSetup"/)
  assert.equal(await readFile(file, 'utf8'), made)
})

test('the Procfile starts a balancer and five servers, each on a port of its own', async () => {
  const lines = (await ops('Procfile')).trim().split('\n')
  const commands = lines.map((line) => /^(\w+): (.+)$/.exec(line) ?? assert.fail(line))
  const given = commands.map(([, , command = '']) => /PORT=(\d+)/.exec(command)?.[1])
  assert.deepEqual(given, ['7680', '7681', '7682', '7683', '7684', '7685'])
  const ports = await reservePorts(3)

  const running = ports.map((port, index) =>
    start((commands[index]?.[2] ?? '').replace(/PORT=\d+/, `PORT=${port}`)),
  )
  await Promise.all(running.map(untilStarted))
  const answer = await fetch(`http://127.0.0.1:${ports[0]}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ service { serverId } }"}',
  })

  assert.deepEqual(await answer.json(), { data: { service: { serverId: 0 } } })
  for (const child of running) assert.equal(await stop(child), 0)
})

for (const [instance, role] of [
  ['0', 'the balancer'],
  ['4', 'server 4'],
] as const)
  test(`the unit of systemd, as fastchat@${instance}, starts ${role}`, async () => {
    const unit = await ops('fastchat@.service')
    const [, script = ''] = /^ExecStart=\/bin\/sh -c '(.+)'$/m.exec(unit) ?? []
    const [port] = await reservePorts(1)
    const command = script
      .replaceAll('%i', instance)
      .replaceAll('$$', '$')
      .replace(/PORT=\$\(\(7680 \+ \d\)\)/, `PORT=${port}`)
    assert.ok(command.includes(`PORT=${port}`), command)

    const child = start(`sh -c '${command}'`)
    await untilStarted(child)
    const answer = await fetch(`http://127.0.0.1:${port}/ping`)

    assert.equal(((await answer.json()) as { id: number }).id, Number(instance))
    assert.equal(await stop(child), 0)
  })

test('the example of an environment names variables that a server knows', async () => {
  const known = await readFile(path.join(root, 'server/src/config.ts'), 'utf8')
  const names = [...(await ops('fastchat.env.example')).matchAll(/^([A-Z_]+)=/gm)]

  assert.ok(names.length >= 5)
  for (const [, name = ''] of names) assert.ok(known.includes(`${name}:`), name)
})

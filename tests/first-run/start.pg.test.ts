import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { findBusyPorts } from '../../server/src/supervisor/ports.ts'
import { isAlive } from '../../tools/lock.mjs'
import { findPostmaster } from '../../tools/postgres/pid-file.ts'
import { startPostgres } from '../../tools/postgres.ts'
import { reservePorts } from '../support/reserve-ports.ts'
import { follow, type Running } from './fake-clone.ts'

const root = path.resolve(import.meta.dirname, '../..')
const ports = await reservePorts(6)

/** The whole system on data and ports of its own, through the door that people use. */
function npmStart(dataFolder: string): Running {
  const { DATABASE_URL: _, ...env } = process.env
  return follow(
    spawn(process.execPath, [path.join(root, 'tools/run.mjs'), 'start'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, FASTCHAT_DATA: dataFolder, FASTCHAT_PORT: String(ports[0]) },
    }),
  )
}

async function withDataFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fastchat start '))
  // The database user of root has to pass.
  chmodSync(folder, 0o755)
  try {
    await use(folder)
  } finally {
    await endPostgres(path.join(folder, 'postgres'))
    rmSync(folder, { recursive: true, maxRetries: 10 })
  }
}

/** Only where a test failed half-way is there still one. */
async function endPostgres(dataFolder: string): Promise<void> {
  if ((await findPostmaster(path.join(dataFolder, 'cluster'))) === undefined) return
  await (await startPostgres({ dataFolder })).destroy()
}

const runningIn = (dataFolder: string) =>
  Number(readFileSync(path.join(dataFolder, 'running.lock'), 'utf8'))

test('a first start ends in servers that answer, survives kill -9, and stops without leaving a process', () =>
  withDataFolder(async (dataFolder) => {
    const first = npmStart(dataFolder)
    await first.writes('Ctrl+C stops everything.')
    const answers = await Promise.all(ports.map((port) => fetch(`http://127.0.0.1:${port}/ready`)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      ports.map(() => 200),
    )

    process.kill(runningIn(dataFolder), 'SIGKILL')
    await first.ended
    const second = npmStart(dataFolder)
    await second.writes('Ctrl+C stops everything.')
    const supervisor = runningIn(dataFolder)
    const third = await npmStart(dataFolder).ended
    second.process.kill('SIGTERM')
    const { code, stdout } = await second.ended

    assert.equal(third.code, 1)
    assert.match(third.stderr, new RegExp(`already runs on .* \\(process ${supervisor}\\)`))
    assert.equal(code, 0)
    assert.match(stdout, /Stopped\.\n$/)
    assert.equal(isAlive(supervisor), false)
    assert.deepEqual(await findBusyPorts(ports), [])
    assert.deepEqual(readdirSync(dataFolder).sort(), ['logs', 'postgres', 'secret.json'])
  }))

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { reservePorts } from '../../../tests/support/reserve-ports.ts'
import type { ChildTimes } from './child.ts'
import { findBusyPorts } from './ports.ts'
import { type Fleet, supervise } from './supervise.ts'

const script = path.join(import.meta.dirname, 'testing/fake-child.ts')

type Scene = {
  readonly ports: readonly number[]
  readonly logFolder: string
  readonly said: readonly string[]
  start(options?: {
    behaviors?: readonly string[]
    times?: Partial<ChildTimes>
    signal?: AbortSignal
  }): Promise<Fleet>
  /** Waits until the supervisor has said something that matches. */
  hears(pattern: RegExp): Promise<void>
}

/** Two children on free ports; whatever was started is gone afterwards. */
async function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const logFolder = mkdtempSync(path.join(os.tmpdir(), 'fastchat-supervise-'))
  const ports = await reservePorts(2)
  const said: string[] = []
  const fleets: Fleet[] = []
  try {
    await use({
      ports,
      logFolder,
      said,
      async start({ behaviors = [], times = {}, signal } = {}) {
        const children = ports.map((port, index) => ({
          name: `child-${index}`,
          script,
          port,
          env: { PORT: String(port), FAKE_BEHAVIOR: behaviors[index] ?? '' },
        }))
        const fleet = await supervise(children, {
          say: (line) => said.push(line),
          logFolder,
          times: { firstDelayMs: 10, ...times },
          ...(signal === undefined ? {} : { signal }),
        })
        fleets.push(fleet)
        return fleet
      },
      hears: (pattern) =>
        until(
          () => said.some((line) => pattern.test(line)),
          () => said.join('\n'),
        ),
    })
  } finally {
    await Promise.all(fleets.map((fleet) => fleet.stop({ now: true })))
    rmSync(logFolder, { recursive: true })
  }
}

async function until(isSo: () => boolean, explain: () => string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > deadline) assert.fail(`gave up waiting; so far:\n${explain()}`)
    await delay(10)
  }
}

const ask = async (port: number | undefined): Promise<number> =>
  Number(await (await fetch(`http://127.0.0.1:${port}`)).text())

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

test('children answer once the fleet is up, and none is left once it has stopped', () =>
  withScene(async ({ ports, logFolder, start }) => {
    const fleet = await start()
    const pids = [...fleet.pids().values()]
    assert.deepEqual(await Promise.all(ports.map(ask)), pids)

    await fleet.stop()

    assert.ok(pids.every(isGone))
    assert.match(readFileSync(path.join(logFolder, 'child-1.log'), 'utf8'), /"event":"drained"/)
  }))

test('a child that is killed is started again, and the terminal says so', () =>
  withScene(async ({ ports, start, hears }) => {
    const fleet = await start()
    const first = fleet.pids().get('child-1') ?? 0

    process.kill(first, 'SIGKILL')
    await hears(/^child-1 died \(SIGKILL\); starting it again in/)
    await hears(/^child-1 is back\.$/)

    const second = await ask(ports[1])
    assert.notEqual(second, first)
    assert.equal(fleet.pids().get('child-1'), second)
  }))

test('a child that keeps dying is started ever less often', () =>
  withScene(async ({ said, start }) => {
    const fleet = await start({ times: { firstDelayMs: 100, longestDelayMs: 350 } })
    const deaths = () => said.filter((line) => line.includes('died'))

    for (let death = 1; death <= 4; death += 1) {
      await until(
        () =>
          fleet.pids().has('child-1') &&
          said.filter((line) => line.includes('is back')).length === death - 1,
        () => said.join('\n'),
      )
      process.kill(fleet.pids().get('child-1') ?? 0, 'SIGKILL')
      await until(
        () => deaths().length === death,
        () => said.join('\n'),
      )
    }

    assert.deepEqual(
      deaths().map((line) => line.match(/again in (.*) s/)?.[1]),
      ['0.1', '0.2', '0.3', '0.3'],
    )
  }))

test('a child that cannot start ends the others, and the error says why', () =>
  withScene(async ({ ports, start }) => {
    await assert.rejects(start({ behaviors: ['', 'refuses-to-start'] }), {
      name: 'StartError',
      message: 'child-1 did not start (exit code 1).\nThe database does not answer.',
    })

    assert.deepEqual(await findBusyPorts(ports), [])
  }))

test('a child that never gets ready is given up', () =>
  withScene(async ({ start }) => {
    await assert.rejects(
      start({ behaviors: ['never-ready', 'never-ready'], times: { readyWithinMs: 300 } }),
      /child-\d did not start \(SIGKILL\)/,
    )
  }))

test('a port that is taken is named before anything starts', () =>
  withScene(async ({ ports, start }) => {
    const other = createServer().listen(ports[1], '127.0.0.1')
    await once(other, 'listening')

    await assert.rejects(start(), { message: `Port ${ports[1]} is in use by another program.` })

    other.close()
    assert.deepEqual(await findBusyPorts(ports.slice(0, 1)), [])
  }))

test('a start that is called off leaves nothing behind', () =>
  withScene(async ({ ports, start }) => {
    await assert.rejects(start({ behaviors: ['never-ready'], signal: AbortSignal.timeout(100) }), {
      name: 'TimeoutError',
    })

    assert.deepEqual(await findBusyPorts(ports), [])
  }))

test('a child that ignores the request to stop is ended when its time is over', () =>
  withScene(async ({ start, said }) => {
    const fleet = await start({ behaviors: ['', 'never-stops'], times: { stopWithinMs: 100 } })
    const pids = [...fleet.pids().values()]

    await fleet.stop()

    assert.ok(pids.every(isGone))
    assert.match(said.join('\n'), /child-1 \(process \d+\) did not finish in time/)
  }))

test('a second request to stop does not wait for the first', () =>
  withScene(async ({ start }) => {
    const fleet = await start({ behaviors: ['never-stops', 'never-stops'] })
    const pids = [...fleet.pids().values()]

    const patient = fleet.stop()
    await fleet.stop({ now: true })
    await patient

    assert.ok(pids.every(isGone))
  }))

test('a warning of a child reaches the terminal once, and its log file', () =>
  withScene(async ({ logFolder, said, start, hears }) => {
    const fleet = await start({ behaviors: ['warns'] })
    await hears(/^child-0: disk-nearly-full, percent 97$/)

    process.kill(fleet.pids().get('child-0') ?? 0, 'SIGKILL')
    await hears(/child-0 is back/)

    assert.equal(said.filter((line) => line.includes('nearly-full')).length, 1)
    const log = readFileSync(path.join(logFolder, 'child-0.log'), 'utf8')
    assert.doesNotMatch(log, /"event":"stderr"/)
    assert.equal(log.match(/nearly-full/g)?.length, 2)
  }))

test('children end when their supervisor is killed', () =>
  withScene(async ({ ports, logFolder }) => {
    const supervisor = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'testing/supervisor-process.ts')],
      {
        env: { ...process.env, FIRST_PORT: String(ports[0]), LOG_FOLDER: logFolder },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [line] = (await once(supervisor.stdout, 'data')) as [Buffer]
    const pids = JSON.parse(line.toString()) as number[]

    supervisor.kill('SIGKILL')
    await once(supervisor, 'exit')

    assert.equal(pids.length, 2)
    await until(
      () => pids.every(isGone),
      () => `of ${pids} some still run`,
    )
  }))

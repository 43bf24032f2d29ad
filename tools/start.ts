// npm start: the whole of FastChat on this machine, until Ctrl+C.
import path from 'node:path'
import { StartError } from '../server/src/supervisor/child.ts'
import { describeChildren } from '../server/src/supervisor/children.ts'
import { findBusyPorts, namePorts } from '../server/src/supervisor/ports.ts'
import { ensureSecretFile } from '../server/src/supervisor/secret-file.ts'
import { fired, listenForStop, type StopRequests } from '../server/src/supervisor/stop-requests.ts'
import { supervise } from '../server/src/supervisor/supervise.ts'
import { root } from './bootstrap.mjs'
import { chatApp, dashboardApp, ensureWebApp } from './build/web-app.ts'
import { makeDataFolder } from './data-folder.ts'
import { Halt, runTask } from './halt.mjs'
import { holder, type Lock, tryLock } from './lock.mjs'
import { migrate } from './migrate.ts'
import { openDatabase } from './postgres/database.ts'
import { readStartOptions, type StartOptions } from './start/options.ts'
import { welcome } from './start/welcome.ts'

// A terminal that was closed must not end the clearing up.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

await runTask(async () => {
  const options = readStartOptions(process.env)
  const stop = listenForStop()
  makeDataFolder(options.dataFolder)
  const lock = await claim(options.dataFolder)
  try {
    await run(options, lock, stop)
  } catch (error) {
    if (!stop.drain.aborted) throw error instanceof StartError ? new Halt(error.message) : error
  } finally {
    lock.release()
  }
})
// Listening for the parent's death would keep a stopped system on the screen.
process.exit()

async function claim(dataFolder: string): Promise<Lock> {
  const file = path.join(dataFolder, 'running.lock')
  const lock = await tryLock(file)
  if (lock !== undefined) return lock
  throw new Halt(
    `FastChat already runs on ${dataFolder} (process ${holder(file)}). Stop it with Ctrl+C in its terminal or end that process, ` +
      'or set FASTCHAT_DATA and FASTCHAT_PORT to run a second one.',
  )
}

async function run(options: StartOptions, lock: Lock, stop: StopRequests): Promise<void> {
  const { dataFolder, basePort, servers } = options
  const chatPorts = Array.from({ length: servers + 1 }, (_, index) => basePort + index)
  const ports = [...chatPorts, options.dashboardPort]
  // Servers of a supervisor that was killed a moment ago may still be on their way out.
  const busy = await findBusyPorts(ports, { waitMs: lock.interrupted ? 10_000 : 0 })
  if (busy.length > 0)
    throw new Halt(
      `${namePorts(busy)} in use by another program. Stop it, or set FASTCHAT_PORT to the first of ${options.dashboardPort - basePort + 1} free ports.`,
    )
  const secretFile = path.join(dataFolder, 'secret.json')
  await ensureSecretFile(secretFile)

  const say = speakWithClock()
  const [webFolder, dashboardFolder] = await Promise.all([
    ensureWebApp(chatApp, say),
    ensureWebApp(dashboardApp, say),
  ])
  stop.drain.throwIfAborted()
  const database = await openDatabase(options, say)
  try {
    const { applied, warnings } = await migrate(database.url, path.join(root, 'prisma/migrations'))
    for (const warning of warnings) say(warning)
    if (applied.length > 0)
      say(`Applied ${applied.length} migration${applied.length === 1 ? '' : 's'}.`)
    stop.drain.throwIfAborted()

    const children = describeChildren({
      ...options,
      databaseUrl: database.url,
      secretFile,
      webFolder,
      dashboard: {
        script: path.join(root, 'server/src/dashboard/main.ts'),
        folder: dashboardFolder,
      },
    })
    const logFolder = path.join(dataFolder, 'logs')
    const fleet = await supervise(children, { say, logFolder, signal: stop.drain })
    say(`The balancer, ${servers} servers and the dashboard are up.`)
    console.log(welcome(options))

    await fired(stop.drain)
    say('Stopping. Ctrl+C again to stop at once.')
    await Promise.race([fleet.stop(), fired(stop.now).then(() => fleet.stop({ now: true }))])
  } finally {
    await database.close()
    say('Stopped.')
  }
}

function speakWithClock(): (line: string) => void {
  const began = performance.now()
  return (line) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`${seconds.padStart(6)} s  ${line}`)
  }
}

import path from 'node:path'
import { StartError } from '../../server/src/supervisor/child.ts'
import { namePorts } from '../../server/src/supervisor/ports.ts'
import { ensureSecretFile } from '../../server/src/supervisor/secret-file.ts'
import { fired, listenForStop } from '../../server/src/supervisor/stop-requests.ts'
import { supervise } from '../../server/src/supervisor/supervise.ts'
import { root } from '../bootstrap.mjs'
import { chatApp, dashboardApp, ensureWebApp } from '../build/web-app.ts'
import { Halt } from '../halt.mjs'
import { migrate } from '../migrate.ts'
import { startPostgres } from '../postgres.ts'
import { openCast } from './cast.ts'
import { type DemoFolder, makeDemoFolder, runningDemos } from './demo-folder.ts'
import { describeDemo } from './describe-demo.ts'
import { copyMarked } from './marked-page.ts'
import { openDoors } from './open-doors.ts'
import { makeOperator } from './operator.ts'
import { choosePorts, type DemoPorts } from './ports.ts'
import { inkFor, screen } from './screen.ts'
import { untilRanked } from './until-ranked.ts'

export interface RunOptions {
  readonly speed: number
  readonly seed: number
  readonly port?: number
}

/** Later things come first when all is taken away. */
type Undo = (() => unknown)[]

/** The whole of it, until somebody asks it to stop. Whatever happens, nothing stays behind. */
export async function runDemo(options: RunOptions): Promise<void> {
  const began = performance.now()
  const stop = listenForStop()
  const say = (line: string) => console.log(`  ${line}`)
  const undo: Undo = []
  try {
    const folder = await makeDemoFolder(say)
    undo.push(() => folder.remove())
    const ports = await findPorts(options, folder, say)
    await bringUp({ options, folder, ports, say, undo, began, signal: stop.drain })
    await fired(stop.drain)
    console.log('\n  Stopping, and deleting everything.')
  } catch (error) {
    if (!stop.drain.aborted) throw error instanceof StartError ? new Halt(error.message) : error
  } finally {
    for (const step of undo.reverse()) await step()
    if (stop.drain.aborted) console.log('  Nothing is left.')
  }
}

async function findPorts(
  { port }: RunOptions,
  { wasInterrupted }: DemoFolder,
  say: (line: string) => void,
): Promise<DemoPorts> {
  // Servers of a demo that was killed a moment ago may still be on their way out.
  const waitMs = wasInterrupted ? 10_000 : 0
  const { ports, instead } = await choosePorts({ wanted: port, waitMs })
  if (instead.length > 0)
    say(
      `${namePorts(instead.slice(0, 1))} in use, perhaps by npm start or another demo: this one is at ${ports.web}.`,
    )
  return ports
}

async function bringUp({
  options,
  folder,
  ports,
  say,
  undo,
  began,
  signal,
}: {
  readonly options: RunOptions
  readonly folder: DemoFolder
  readonly ports: DemoPorts
  readonly say: (line: string) => void
  readonly undo: Undo
  readonly began: number
  readonly signal: AbortSignal
}): Promise<void> {
  const ink = inkFor(process.stdout, process.env)
  const done = (part: string) => say(`${ink('green', '✓')} ${part}`)
  const lifetimeSeconds = Math.max(2, Math.round(120 / options.speed))
  const parts = [
    markedApp(chatApp, folder, say),
    markedApp(dashboardApp, folder, say),
    startPostgres({ dataFolder: path.join(folder.path, 'postgres') }).then((started) => {
      undo.push(() => started.destroy())
      return started
    }),
  ] as const
  // Also when one of them fails: a database that comes up behind our back would stay.
  await Promise.allSettled(parts)
  const [webFolder, dashboardFolder, postgres] = await Promise.all(parts)
  signal.throwIfAborted()
  done('database')
  const secretFile = path.join(folder.path, 'secret.json')
  await ensureSecretFile(secretFile)
  await migrate(postgres.url, path.join(root, 'prisma/migrations'))
  signal.throwIfAborted()

  const children = describeDemo({
    ports,
    lifetimeSeconds,
    databaseUrl: postgres.url,
    ...{ secretFile, webFolder, dashboardFolder },
  })
  const logFolder = path.join(folder.path, 'logs')
  const fleet = await supervise(children, { say, logFolder, signal })
  // There is nothing to finish: what they have begun is deleted next.
  undo.push(() => fleet.stop({ now: true }))
  done(`balancer :${ports.web}, servers :${ports.servers[0]}–${ports.servers.at(-1)}`)
  const url = `http://127.0.0.1:${ports.balancer}`
  const moveIn = Promise.all([
    makeOperator(postgres.url),
    untilRanked(url, ports.servers.length).then(() =>
      openCast({ url, seed: options.seed, lifetimeSeconds }),
    ),
  ])
  const [operator, cast] = await Promise.race([moveIn, rejected(signal)])
  undo.push(() => cast.close())
  done('bob-bot, carol, dave, erin and frank')
  signal.throwIfAborted()
  const { key } = await folder.publish(ports.web)
  const doors = await openDoors({ ports, fleet, cast, operator, lifetimeSeconds, key, say })
  undo.push(() => doors.close())
  done(`web app :${ports.web}, dashboard :${ports.dashboard}`)
  console.log(
    screen({
      links: doors.links,
      at: (await runningDemos()).length > 1 ? ` --port ${ports.web}` : '',
      ...{ ink, lifetimeSeconds, seconds: (performance.now() - began) / 1000 },
    }),
  )
}

/** Somebody who does not want to wait for the people to come does not have to. */
async function rejected(signal: AbortSignal): Promise<never> {
  await fired(signal)
  throw signal.reason
}

async function markedApp(
  app: typeof chatApp,
  folder: DemoFolder,
  say: (line: string) => void,
): Promise<string> {
  const built = await ensureWebApp(app, say)
  return copyMarked(built, path.join(folder.path, app.folder), path.basename(folder.path))
}

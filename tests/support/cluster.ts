import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOpaqueSetup } from '../../server/src/domain/identity/opaque-server.ts'
import { type Rate, type RateName, rates } from '../../server/src/domain/limits.ts'
import { type ClusterProcess, startProcess } from './cluster-process.ts'
import { createTestDatabase } from './database.ts'
import { reservePorts } from './reserve-ports.ts'

export interface ClusterOptions {
  /** How many servers, beside the balancer; 5 by default. */
  readonly servers?: number
  readonly ttlSeconds?: number
  /** A PostgreSQL to make the database on; by default the one that all tests share. */
  readonly postgresUrl?: string
  /** What is not given here is far beyond what a test does. */
  readonly rates?: Partial<Record<RateName, Rate>>
  /** For every process. */
  readonly env?: Readonly<Record<string, string>>
}

/** A balancer and its servers: real processes over a fresh database. */
export interface Cluster extends AsyncDisposable {
  /** Of the balancer: what a client is given. */
  readonly url: string
  readonly databaseUrl: string
  readonly serverIds: readonly number[]
  /** The same before and after a restart. */
  serverUrl(id: number): string
  /** Its process, until it is killed or stopped. */
  pid(id: number): number
  /** SIGKILL: no goodbye to anybody. 0 is the balancer, here and below. */
  kill(id: number): Promise<void>
  /** SIGTERM: drains. Resolves with the exit code when the process has ended. */
  stop(id: number): Promise<number | null>
  /** Starts it again, on the same port. */
  restart(id: number): Promise<void>
  /** SIGSTOP: there and silent. */
  freeze(id: number): void
  thaw(id: number): void
  /** Resolves when the balancer ranks these servers and no other. */
  untilRanked(ids: readonly number[]): Promise<void>
  /** Everything that was logged so far, each line with its process in front. */
  logs(): readonly string[]
  close(): Promise<void>
}

const plenty: Rate = { burst: 1_000_000, perSecond: 1_000_000 }
const main = path.resolve(import.meta.dirname, '../../server/src/main.ts')

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const serverIds = Array.from({ length: options.servers ?? 5 }, (_, index) => index + 1)
  const [database, folder, ports] = await Promise.all([
    createTestDatabase(options.postgresUrl),
    mkdtemp(path.join(os.tmpdir(), 'fastchat-cluster-')),
    reservePorts(1 + serverIds.length),
  ])
  const balancerUrl = `http://127.0.0.1:${ports[0]}`
  const secretFile = path.join(folder, 'secrets.json')
  await writeFile(secretFile, JSON.stringify(await createSecrets()), { mode: 0o600 })

  const lines: string[] = []
  const processes = new Map<number, ClusterProcess>()
  const start = async (id: number) => {
    const name = id === 0 ? 'balancer' : `server-${id}`
    const child = await startProcess({
      name,
      script: main,
      lines,
      env: {
        FASTCHAT_ROLE: id === 0 ? 'balancer' : 'server',
        FASTCHAT_SERVER_ID: String(id),
        FASTCHAT_SECRET_FILE: secretFile,
        FASTCHAT_BALANCER_URL: balancerUrl,
        DATABASE_URL: database.url,
        MESSAGE_TTL_SECONDS: String(options.ttlSeconds ?? 120),
        ...rateVariables(options.rates ?? {}),
        ...options.env,
        PORT: String(ports[id]),
      },
    })
    processes.set(id, child)
  }
  const processOf = (id: number) => {
    const child = processes.get(id)
    if (child === undefined) throw new Error(`There is no server ${id} in this cluster.`)
    return child
  }

  const close = async () => {
    await Promise.all([...processes.values()].map((child) => child.end('SIGKILL')))
    await Promise.all([database.drop(), rm(folder, { recursive: true, force: true })])
  }
  try {
    await Promise.all(serverIds.map(start))
    // Last, so that its first look at the registry finds them all.
    await start(0)
  } catch (error) {
    await close()
    throw error
  }

  return {
    url: balancerUrl,
    databaseUrl: database.url,
    serverIds,
    serverUrl: (id) => processOf(id).url,
    pid: (id) => processOf(id).pid,
    async kill(id) {
      await processOf(id).end('SIGKILL')
    },
    stop: (id) => processOf(id).end('SIGTERM'),
    restart: start,
    freeze: (id) => processOf(id).signal('SIGSTOP'),
    thaw: (id) => processOf(id).signal('SIGCONT'),
    untilRanked: (ids) => untilRanked(balancerUrl, ids),
    logs: () => lines,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function createSecrets() {
  return {
    secret: randomBytes(32).toString('base64url'),
    opaqueServerSetup: await createOpaqueSetup(),
  }
}

function rateVariables(given: Partial<Record<RateName, Rate>>): Record<string, string> {
  const names = Object.keys(rates) as RateName[]
  return Object.fromEntries(
    names.map((name) => {
      const { burst, perSecond } = given[name] ?? plenty
      const variable = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
      return [`FASTCHAT_RATE_${variable}`, `${burst}/${perSecond}`]
    }),
  )
}

async function untilRanked(url: string, ids: readonly number[]): Promise<void> {
  const wanted = ids.toSorted((a, b) => a - b).join()
  const deadline = Date.now() + 15_000
  for (;;) {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ balancer { servers { id rank } } }"}',
    })
    const { data } = (await answer.json()) as {
      data: { balancer: { servers: { id: number; rank: number | null }[] } }
    }
    const ranked = data.balancer.servers.filter(({ rank }) => rank !== null).map(({ id }) => id)
    const got = ranked.toSorted((a, b) => a - b).join()
    if (got === wanted) return
    if (Date.now() > deadline) throw new Error(`The balancer ranks [${got}], not [${wanted}].`)
    await sleep(50)
  }
}

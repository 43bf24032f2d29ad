// What does a message to a group of 100 cost, and each of its members? 600-byte texts, five servers, every message durable
// before its answer and acknowledged by each of 99 readers, beside a bare `ws` relay that carries one message to one reader.
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { askOverHttp } from '../tests/support/ask-over-http.ts'
import { startCluster } from '../tests/support/cluster.ts'
import { createAccounts } from './support/accounts.ts'
import { openChatSocket } from './support/chat-socket.ts'
import { cpuSeconds } from './support/cpu-time.ts'
import { createGroup, sealForGroup } from './support/group.ts'
import { createLatencies } from './support/latency.ts'
import { closedLoop } from './support/load.ts'
import { postmasterPid } from './support/postmaster.ts'
import { startRelay } from './support/relay-subject.ts'

const members = 100
const senders = 5
const textBytes = 600
const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)

const relay = await startRelay({ pairs: 100, textBytes })
const cluster = await startCluster({ servers: 5, env: { LOG_LEVEL: 'warn' } })
const urls = cluster.serverIds.map((id) => cluster.serverUrl(id))
const accounts = await createAccounts(cluster.databaseUrl, members)
const group = await createGroup(accounts)
const [founder] = accounts
const created = await askOverHttp(
  cluster.url,
  'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { __typename ... on UserError { message } } }',
  { input: group.input },
  founder?.token,
)
if (created.data?.createGroup.__typename !== 'CreateGroupPayload')
  throw new Error(JSON.stringify(created))

const arrivals = new Map<string, { left: number; readonly sentAt: number; resolve(): void }>()
let latencies = createLatencies()
const sockets = await Promise.all(
  accounts.map((account, index) =>
    openChatSocket(urls[index % urls.length] as string, account, (id) => {
      const arrival = arrivals.get(id)
      if (arrival === undefined) throw new Error(`message ${id} came twice, or was never sent`)
      latencies.add(performance.now() - arrival.sentAt)
      arrival.left -= 1
      if (arrival.left > 0) return
      arrivals.delete(id)
      arrival.resolve()
    }),
  ),
)
const bodies = await Promise.all(
  accounts.slice(0, senders).map((from) => sealForGroup({ from, accounts, group, textBytes })),
)

/** Each sender has one message on its way to 99 readers: as fast as it goes. */
async function groupLoop(forSeconds: number): Promise<number> {
  let messages = 0
  const until = performance.now() + forSeconds * 1000
  await Promise.all(
    bodies.map(async (body, index) => {
      while (performance.now() < until) {
        const id = randomUUID()
        const arrived = new Promise<void>((resolve) => {
          arrivals.set(id, { left: members - 1, sentAt: performance.now(), resolve })
        })
        await Promise.all([sockets[index]?.sendInput({ clientMessageId: id, ...body }), arrived])
        messages += 1
      }
    }),
  )
  return messages
}

const pids = [
  ...cluster.serverIds.map((id) => cluster.pid(id)),
  await postmasterPid(cluster.databaseUrl),
]
await closedLoop(relay.carrier, seconds)
await groupLoop(seconds)
const runs: object[] = []
const costs: { relay: number; reader: number }[] = []
for (let round = 0; round < rounds; round += 1) {
  const relayBefore = await cpuSeconds(relay.pids)
  const relayed = await closedLoop(relay.carrier, seconds)
  const relayCost = ((await cpuSeconds(relay.pids)) - relayBefore) / relayed.delivered
  latencies = createLatencies()
  const before = await cpuSeconds(pids)
  const messages = await groupLoop(seconds)
  const cost = ((await cpuSeconds(pids)) - before) / messages
  const reader = cost / (members - 1)
  costs.push({ relay: relayCost, reader })
  const figures = {
    messagesPerSecond: Math.round(messages / seconds),
    cpuMicrosecondsPerMessage: Math.round(cost * 1e6),
    cpuMicrosecondsPerReader: Math.round(reader * 1e6),
    relayCpuMicroseconds: Math.round(relayCost * 1e6),
    p50: Math.round(latencies.percentile(0.5)),
    p99: Math.round(latencies.percentile(0.99)),
  }
  runs.push(figures)
  console.log(figures)
}
for (const socket of sockets) socket.close()
await relay.close()
await cluster.close()

const ratios = costs.map(({ relay: base, reader }) => reader / base).toSorted((a, b) => a - b)
const ratio = Number((ratios[rounds >> 1] ?? Number.NaN).toFixed(1))
console.log(`A reader of a group of ${members} costs ${ratio} times the bare relay's (server CPU)`)

const machine = `${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, Node ${process.versions.node}`
const folder = path.join(import.meta.dirname, 'results')
await mkdir(folder, { recursive: true })
await writeFile(
  path.join(folder, 'group.json'),
  `${JSON.stringify({ machine, members, ratio, runs }, null, 2)}\n`,
)

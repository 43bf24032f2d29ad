// What does a delivered message cost? 100 pairs, 600-byte texts in real RSA_V1 envelopes, five servers, every message
// durable before its answer and acknowledged by its reader, beside a bare `ws` relay in the same run.
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { startCluster } from '../tests/support/cluster.ts'
import { createAccounts, sealBodies } from './support/accounts.ts'
import { type ChatSocket, openChatSocket } from './support/chat-socket.ts'
import { cpuSeconds } from './support/cpu-time.ts'
import { type Carrier, closedLoop, openLoop, type Run } from './support/load.ts'
import { postmasterPid } from './support/postmaster.ts'
import { type Subject, startRelay } from './support/relay-subject.ts'

const pairs = 100
const textBytes = 600
const rounds = Number(process.env.BENCH_ROUNDS ?? 9)
const closedSeconds = Number(process.env.BENCH_SECONDS ?? 5)
const openSeconds = Number(process.env.BENCH_SECONDS ?? 5)
const perSecond = 500

interface Figures {
  readonly subject: string
  readonly load: string
  readonly perSecond: number
  readonly cpuMicroseconds: number
  readonly p50: number
  readonly p99: number
}

async function startFastChat(): Promise<Subject> {
  const cluster = await startCluster({ servers: 5, env: { LOG_LEVEL: 'warn' } })
  const accounts = await createAccounts(cluster.databaseUrl, pairs * 2)
  const bodies = await Promise.all(
    Array.from({ length: pairs }, (_, pair) => {
      const [from, to] = [accounts[pair * 2], accounts[pair * 2 + 1]]
      if (from === undefined || to === undefined)
        throw new Error('unreachable: an account for each person')
      return sealBodies(from, to, { count: 4, textBytes })
    }),
  )
  const urls = cluster.serverIds.map((id) => cluster.serverUrl(id))
  let sent = 0
  const carrier: Carrier = {
    pairs,
    onArrival: () => {},
    async send(pair, id) {
      const to = accounts[pair * 2 + 1]
      const body = bodies[pair]?.[sent++ % 4]
      if (to === undefined || body === undefined)
        throw new Error('unreachable: a body for each pair')
      await sockets[pair * 2]?.send(to, id, body)
    },
  }
  // Sender and reader of a pair sit on different servers, so every message crosses from one process to another.
  const sockets: ChatSocket[] = []
  // Some at a time: what is measured begins when all are there, and a busy machine need not be stormed.
  for (let first = 0; first < accounts.length; first += 20)
    sockets.push(
      ...(await Promise.all(
        accounts.slice(first, first + 20).map((account, offset) => {
          const index = first + offset
          const url = urls[(index + (index >> 1)) % urls.length] as string
          return openChatSocket(url, account, (id) => carrier.onArrival(id))
        }),
      )),
    )
  return {
    name: 'FastChat, five servers and PostgreSQL',
    carrier,
    pids: [
      ...cluster.serverIds.map((id) => cluster.pid(id)),
      await postmasterPid(cluster.databaseUrl),
    ],
    async close() {
      for (const socket of sockets) socket.close()
      await cluster.close()
    },
  }
}

async function measure(subject: Subject, load: string, run: () => Promise<Run>): Promise<Figures> {
  const before = await cpuSeconds(subject.pids)
  const { delivered, seconds, latencies } = await run()
  const cpu = (await cpuSeconds(subject.pids)) - before
  const figures = {
    subject: subject.name,
    load,
    perSecond: Math.round(delivered / seconds),
    cpuMicroseconds: Math.round((cpu / delivered) * 1e6),
    p50: Number(latencies.percentile(0.5).toFixed(2)),
    p99: Number(latencies.percentile(0.99).toFixed(2)),
  }
  console.log(
    `${figures.subject.padEnd(40)} ${load.padEnd(12)} ${String(figures.perSecond).padStart(6)}/s  ${String(figures.cpuMicroseconds).padStart(5)} us CPU  p50 ${figures.p50} ms  p99 ${figures.p99} ms`,
  )
  return figures
}

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN

const cost = (figures?: Figures) => figures?.cpuMicroseconds ?? Number.NaN

const relay = await startRelay({ pairs, textBytes })
const fastChat = await startFastChat()
const all: Figures[] = []
// A server of five sees a thirtieth of the messages a second that the relay sees, and needs as many to be compiled: the
// cost of a message falls for some forty seconds.
for (const subject of [relay, fastChat])
  await closedLoop(subject.carrier, Number(process.env.BENCH_WARM_UP ?? 60))
const loads: Readonly<Record<string, (carrier: Carrier) => Promise<Run>>> = {
  'closed loop': (carrier) => closedLoop(carrier, closedSeconds),
  [`${perSecond}/s`]: (carrier) => openLoop(carrier, perSecond, openSeconds),
}
const ratios = []
for (const [load, run] of Object.entries(loads)) {
  const costs: number[] = []
  // What is compared is measured one right after the other and in turns: the machine is slower after a pause, and slower at
  // some minutes than at others.
  for (let round = 0; round < rounds; round += 1) {
    const figures = new Map<Subject, Figures>()
    for (const subject of round % 2 === 0 ? [relay, fastChat] : [fastChat, relay])
      figures.set(subject, await measure(subject, load, () => run(subject.carrier)))
    all.push(...figures.values())
    costs.push(cost(figures.get(fastChat)) / cost(figures.get(relay)))
  }
  ratios.push({ load, ratio: Number(median(costs).toFixed(1)) })
}
await relay.close()
await fastChat.close()

for (const { load, ratio } of ratios)
  console.log(
    `${load}: a FastChat message costs ${ratio} times the bare relay (server CPU, PostgreSQL included)`,
  )

const machine = `${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, Node ${process.versions.node}`
const folder = path.join(import.meta.dirname, 'results')
await mkdir(folder, { recursive: true })
await writeFile(
  path.join(folder, 'delivery.json'),
  `${JSON.stringify({ machine, ratios, runs: all }, null, 2)}\n`,
)

// What does a file cost? 1 MiB in sealed chunks, from one person to another who sits at another of five servers: uploaded, sent
// with a message, fetched, beside bare HTTP in the same run. The lifetime is short, so that emptying slots is in the figures.
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { startCluster } from '../tests/support/cluster.ts'
import { createAccounts, sealBodies } from './support/accounts.ts'
import { cpuSeconds } from './support/cpu-time.ts'
import { type FileCarrier, openFastChatFiles, openFileRelay } from './support/file-carriers.ts'
import { createLatencies } from './support/latency.ts'
import { postmasterPid } from './support/postmaster.ts'

const fileMebibytes = 1
const chunkCount = 16 * fileMebibytes
/** More than carry at a time, because an account may keep only so much. */
const pairs = 40
const carriedAtOnce = 8
const ttlSeconds = 20
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const seconds = Number(process.env.BENCH_SECONDS ?? 10)

interface Subject {
  readonly name: string
  readonly carrier: FileCarrier
  readonly pids: readonly number[]
  close(): Promise<void>
}

interface Figures {
  readonly subject: string
  readonly mebibytesPerSecond: number
  readonly cpuMillisecondsPerMebibyte: number
  readonly p50: number
  readonly p99: number
}

async function startRelay(): Promise<Subject> {
  const carrier = await openFileRelay(chunkCount)
  return {
    name: 'bare HTTP in memory, one process',
    carrier,
    pids: [carrier.process.pid as number],
    close: () => carrier.close(),
  }
}

async function startFastChat(): Promise<Subject> {
  const cluster = await startCluster({ servers: 5, ttlSeconds, env: { LOG_LEVEL: 'warn' } })
  const accounts = await createAccounts(cluster.databaseUrl, pairs * 2)
  const urlOf = (index: number) => cluster.serverUrl((index % 5) + 1)
  const prepared = await Promise.all(
    Array.from({ length: pairs }, async (_, pair) => {
      const [from, to] = accounts.slice(pair * 2, pair * 2 + 2)
      if (from === undefined || to === undefined)
        throw new Error('unreachable: an account for each person')
      const [body] = await sealBodies(from, to, { count: 1, textBytes: 300 })
      if (body === undefined) throw new Error('unreachable: one body')
      return { from, to, body, urls: [urlOf(pair), urlOf(pair + 1)] as const }
    }),
  )
  const carrier = await openFastChatFiles(prepared, chunkCount)
  return {
    name: 'FastChat, five servers and PostgreSQL',
    carrier,
    pids: [
      ...cluster.serverIds.map((id) => cluster.pid(id)),
      await postmasterPid(cluster.databaseUrl),
    ],
    async close() {
      await carrier.close()
      await cluster.close()
    },
  }
}

/** So many files on their way at any time, for so long. */
async function carryFor({ carrier }: Subject, withinSeconds: number) {
  const latencies = createLatencies()
  const free = Array.from({ length: pairs }, (_, pair) => pair)
  const started = performance.now()
  const worker = async () => {
    while (performance.now() < started + withinSeconds * 1000) {
      const pair = free.shift()
      if (pair === undefined) throw new Error('unreachable: more pairs than workers')
      const begun = performance.now()
      await carrier.carry(pair)
      latencies.add(performance.now() - begun)
      free.push(pair)
    }
  }
  await Promise.all(Array.from({ length: carriedAtOnce }, worker))
  return { latencies, seconds: (performance.now() - started) / 1000 }
}

async function measure(subject: Subject): Promise<Figures> {
  const before = await cpuSeconds(subject.pids)
  const { latencies, seconds: took } = await carryFor(subject, seconds)
  const cpu = (await cpuSeconds(subject.pids)) - before
  const mebibytes = latencies.count * fileMebibytes
  const figures = {
    subject: subject.name,
    mebibytesPerSecond: Number((mebibytes / took).toFixed(1)),
    cpuMillisecondsPerMebibyte: Number(((cpu * 1000) / mebibytes).toFixed(2)),
    p50: Math.round(latencies.percentile(0.5)),
    p99: Math.round(latencies.percentile(0.99)),
  }
  console.log(
    `${figures.subject.padEnd(40)} ${String(figures.mebibytesPerSecond).padStart(7)} MiB/s  ${String(figures.cpuMillisecondsPerMebibyte).padStart(7)} ms CPU per MiB  p50 ${figures.p50} ms  p99 ${figures.p99} ms`,
  )
  return figures
}

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN

const relay = await startRelay()
const fastChat = await startFastChat()
const all: Figures[] = []
for (const subject of [relay, fastChat])
  await carryFor(subject, Number(process.env.BENCH_WARM_UP ?? 10))
for (let round = 0; round < rounds; round += 1)
  for (const subject of [relay, fastChat]) all.push(await measure(subject))
await relay.close()
await fastChat.close()

const cost = ({ name }: Subject) =>
  median(all.filter(({ subject }) => subject === name).map((one) => one.cpuMillisecondsPerMebibyte))
const ratio = Number((cost(fastChat) / cost(relay)).toFixed(1))
console.log(`a file through FastChat costs ${ratio} times bare HTTP (CPU, PostgreSQL included)`)

const machine = `${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, Node ${process.versions.node}`
const folder = path.join(import.meta.dirname, 'results')
await mkdir(folder, { recursive: true })
await writeFile(
  path.join(folder, 'files.json'),
  `${JSON.stringify({ machine, ttlSeconds, fileMebibytes, ratio, runs: all }, null, 2)}\n`,
)

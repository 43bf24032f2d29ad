import { createLatencies, type Latencies } from './latency.ts'

/** Something that carries messages from one person of a pair to the other. */
export interface Carrier {
  readonly pairs: number
  /** Sends message `id` from the first to the second of a pair. Resolves when the sender may go on. */
  send(pair: number, id: string): Promise<void>
  /** Called for each message that arrived. */
  onArrival: (id: string) => void
}

export interface Run {
  readonly delivered: number
  readonly seconds: number
  readonly latencies: Latencies
}

/** Every pair has one message on its way: as fast as it goes, for `seconds`. */
export async function closedLoop(carrier: Carrier, seconds: number): Promise<Run> {
  const latencies = createLatencies()
  const arrivals = new Map<string, { sentAt: number; resolve: () => void }>()
  carrier.onArrival = (id) => {
    const arrival = arrivals.get(id)
    if (arrival === undefined) throw new Error(`message ${id} arrived twice, or was never sent`)
    arrivals.delete(id)
    latencies.add(performance.now() - arrival.sentAt)
    arrival.resolve()
  }
  const started = performance.now()
  const until = started + seconds * 1000
  await Promise.all(
    Array.from({ length: carrier.pairs }, async (_, pair) => {
      while (performance.now() < until) {
        const id = crypto.randomUUID()
        const arrived = new Promise<void>((resolve) => {
          arrivals.set(id, { sentAt: performance.now(), resolve })
        })
        await Promise.all([carrier.send(pair, id), arrived])
      }
    }),
  )
  return { delivered: latencies.count, seconds: (performance.now() - started) / 1000, latencies }
}

/** So many a second, whether the others have arrived or not; latency counts from when a message was due. */
export async function openLoop(carrier: Carrier, perSecond: number, seconds: number): Promise<Run> {
  const latencies = createLatencies()
  const due = new Map<string, number>()
  const total = perSecond * seconds
  const started = performance.now()
  const { promise: allArrived, resolve } = Promise.withResolvers<void>()
  carrier.onArrival = (id) => {
    const dueAt = due.get(id)
    if (dueAt === undefined) throw new Error(`message ${id} arrived twice, or was never sent`)
    due.delete(id)
    latencies.add(performance.now() - dueAt)
    if (latencies.count === total) resolve()
  }
  const sends: Promise<void>[] = []
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - started
      while (sends.length < total && sends.length * (1000 / perSecond) <= elapsed) {
        const id = crypto.randomUUID()
        due.set(id, started + sends.length * (1000 / perSecond))
        sends.push(carrier.send(sends.length % carrier.pairs, id))
      }
      if (sends.length === total) {
        clearInterval(timer)
        done()
      }
    }, 1)
  })
  await Promise.all([...sends, allArrived])
  return { delivered: latencies.count, seconds: (performance.now() - started) / 1000, latencies }
}

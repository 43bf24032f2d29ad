import type { ProcessSample } from '../../store/samples.ts'
import type { RankedServer } from '../balancing/rank-servers.ts'
import { type Axis, placeOn } from './axis.ts'
import type { Circumstances } from './find-alerts.ts'
import { findSlowness, p50Of, p99Of } from './find-slow-server.ts'
import type { ServerCondition } from './operations.ts'
import { growthOf, sum } from './rates.ts'

/** Of the latest samples, the worst is shown: one second alone jumps about. */
const steadyOver = 5

export function describeServers(input: {
  readonly at: Date
  readonly axis: Axis
  readonly byProcess: ReadonlyMap<number, readonly ProcessSample[]>
  readonly servers: readonly RankedServer[]
}): Circumstances['servers'] {
  const { at, axis, byProcess } = input
  const pinged = input.servers
    .toSorted((a, b) => a.id - b.id)
    .map((server) => ({ ...server, pings: pingsOf(server.id, axis, byProcess) }))
  const picks = new Map(pinged.map(({ id }) => [id, picksOf(id, byProcess)]))
  const allPicks = sum([...picks.values()])

  return pinged.map((server) => {
    const { id, url, rank, drain, version, startedAt, pings } = server
    // A dead process with the same number says nothing about this one.
    const samples = (byProcess.get(id) ?? []).filter((sample) => sample.at >= startedAt)
    const latest = samples.at(-1)
    const recent = samples.slice(-steadyOver).map(({ figures }) => figures)
    const isThere = server.state !== 'DOWN'
    const others = pinged.filter((other) => other.id !== id && other.state === 'UP')
    const slowness = server.state === 'UP' ? findSlowness(server, others) : null
    const sockets = latest?.figures.sockets ?? server.sockets
    return {
      ...{ id, url, rank, drain, pings, slowness, samples, version, startedAt },
      condition: conditionOf(server.state, slowness !== null, sockets),
      pingP50Ms: p50Of(pings),
      pingP99Ms: p99Of(pings),
      pickShare: allPicks === 0 ? null : (picks.get(id) ?? 0) / allPicks,
      sockets: isThere ? sockets : 0,
      subscriptions: isThere ? (latest?.figures.subscriptions ?? 0) : 0,
      loopDelayP99Ms: isThere ? worst(recent.map((figures) => figures.loopDelayP99Ms)) : null,
      pool: isThere ? (latest?.figures.pool ?? null) : null,
      memoryBytes: isThere ? (latest?.figures.memoryBytes ?? null) : null,
      cpuShare: isThere ? cpuOf(samples.slice(-steadyOver)) : null,
      uptimeMs: isThere ? Math.max(0, at.getTime() - startedAt.getTime()) : 0,
      sampledAt: latest?.at ?? null,
    }
  })
}

function conditionOf(
  state: RankedServer['state'],
  isSlow: boolean,
  sockets: number,
): ServerCondition {
  switch (state) {
    case 'DOWN':
      return 'DOWN'
    case 'DRAINING':
      return sockets === 0 ? 'DRAINED' : 'DRAINING'
    case 'UP':
      return isSlow ? 'SLOW' : 'UP'
  }
}

/** As the balancer measured them; where it did not, as somebody else did. */
function pingsOf(
  id: number,
  axis: Axis,
  byProcess: ReadonlyMap<number, readonly ProcessSample[]>,
): (number | null)[] {
  const pings = new Array<number | null>(axis.length).fill(null)
  const observers = [...byProcess].toSorted(([a], [b]) => b - a)
  for (const [, samples] of observers)
    for (const { at, figures } of samples) {
      const ping = figures.pings?.[id]
      const place = placeOn(axis, at)
      if (ping !== undefined && place >= 0 && place < axis.length) pings[place] = ping
    }
  return pings
}

function picksOf(id: number, byProcess: ReadonlyMap<number, readonly ProcessSample[]>): number {
  return sum(
    [...byProcess.values()].map((samples) => growthOf(samples, ({ picks = {} }) => picks[id] ?? 0)),
  )
}

function worst(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? null : Math.max(...known)
}

function cpuOf(samples: readonly ProcessSample[]): number | null {
  const [first, last] = [samples.at(0), samples.at(-1)]
  const elapsedMs = (last?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)
  if (elapsedMs <= 0) return null
  return ((last?.figures.cpuMs ?? 0) - (first?.figures.cpuMs ?? 0)) / elapsedMs
}

import { findBusyPorts } from '../../server/src/supervisor/ports.ts'
import { Halt } from '../halt.mjs'
import { serverCount } from './options.ts'

export interface DemoPorts {
  /** Where the balancer and the web app are for people. */
  readonly web: number
  readonly servers: readonly number[]
  /** The balancer itself, behind `web`. */
  readonly balancer: number
  readonly dashboard: number
  /** The dashboard itself, behind `dashboard`. */
  readonly dashboardInside: number
}

const usualPort = 7680
const step = 100

/** The usual ports when they are free, else the next free row of them. */
export async function choosePorts(options: {
  readonly wanted: number | undefined
  readonly waitMs: number
}): Promise<{ readonly ports: DemoPorts; readonly instead: readonly number[] }> {
  const first = portsFrom(options.wanted ?? usualPort)
  const busy = await findBusyPorts(all(first), { waitMs: options.waitMs })
  if (busy.length === 0) return { ports: first, instead: [] }
  if (options.wanted !== undefined)
    throw new Halt(
      `In use by another program: ${busy.join(', ')}. Give --port the first of 12 free ports.`,
    )
  for (let port = usualPort + step; port < 10_000; port += step) {
    const ports = portsFrom(port)
    if ((await findBusyPorts(all(ports))).length === 0) return { ports, instead: busy }
  }
  throw new Halt('No free ports between 7680 and 10000. Give --port the first of 12 free ones.')
}

function portsFrom(web: number): DemoPorts {
  const servers = Array.from({ length: serverCount }, (_, index) => web + 1 + index)
  return { web, servers, balancer: web + 6, dashboard: web + 10, dashboardInside: web + 11 }
}

function all({ web, servers, balancer, dashboard, dashboardInside }: DemoPorts): number[] {
  return [web, ...servers, balancer, dashboard, dashboardInside]
}

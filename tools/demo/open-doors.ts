import { randomBytes } from 'node:crypto'
import type { Fleet } from '../../server/src/supervisor/supervise.ts'
import { Halt } from '../halt.mjs'
import type { Cast } from './cast.ts'
import { createDesk } from './desk.ts'
import { openFront } from './front.ts'
import { createLinks, doors, type Links } from './links.ts'
import type { DemoPorts } from './ports.ts'
import { createServers } from './servers.ts'
import { createVisitors, doorAddress } from './visitors.ts'

export interface Doors {
  readonly links: Links
  close(): Promise<void>
}

export interface DoorsOptions {
  readonly ports: DemoPorts
  readonly fleet: Fleet
  readonly cast: Cast
  readonly operator: { readonly name: string; readonly password: string }
  readonly lifetimeSeconds: number
  /** Of the person who started the demo. */
  readonly key: string
  say(line: string): void
}

/** Lets people in: the addresses that their browsers use, and the desk behind them. */
export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const { ports, fleet, cast, operator, lifetimeSeconds, say } = options
  const keys = new Set([options.key])
  const newKey = () => {
    const key = randomBytes(24).toString('base64url')
    keys.add(key)
    return key
  }
  const url = `http://127.0.0.1:${ports.web}`
  const links = createLinks((door) => doorAddress(door, ports))
  const ids = ports.servers.map((_, index) => index + 1)
  const servers = createServers(fleet, ids)
  const visitors = createVisitors({ url, cast, operator, newKey, say })
  const desk = createDesk({
    links,
    isKey: (key) => keys.has(key),
    open: visitors.open,
    state: () => ({ carol: cast.carol.isOnline(), servers: servers.states(), lifetimeSeconds }),
    async fulfil({ verb, server, isOnline }) {
      switch (verb) {
        case 'carol':
          await cast.carol.set(isOnline === true)
          return { said: tell(`Carol is ${isOnline === true ? 'online' : 'offline'}.`) }
        case 'kill':
        case 'slow':
          return { said: tell(servers[verb](numberOf(server, ids))) }
        case 'links':
          return { links: Object.fromEntries(doors.map((door) => [door, links.make(door)])) }
        case 'chat':
          return visitors.terminal()
        default:
          throw new Halt('The demo does not know that wish.')
      }
    },
  })
  const tell = (line: string) => {
    say(line)
    return line
  }
  const fronts = await Promise.all([
    openFront({ port: ports.web, behind: ports.balancer, desk }),
    openFront({ port: ports.dashboard, behind: ports.dashboardInside, desk }),
  ])
  return {
    links,
    async close() {
      servers.close()
      for (const front of fronts) front.close()
      await visitors.close()
    },
  }
}

function numberOf(server: unknown, ids: readonly number[]): number {
  const id = ids.find((known) => known === server)
  if (id === undefined)
    throw new Halt(`There is no server ${server}. There are 1 to ${ids.length}.`)
  return id
}

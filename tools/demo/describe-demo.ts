import path from 'node:path'
import type { ChildSpec } from '../../server/src/supervisor/child.ts'
import { describeChildren } from '../../server/src/supervisor/children.ts'
import { root } from '../bootstrap.mjs'
import type { DemoPorts } from './ports.ts'

/**
 * The processes of `npm start`, with two changes: balancer and dashboard stand behind what browsers talk to (front.ts), and the
 * limits that one network has leave room for a crowd on one machine.
 */
export function describeDemo(options: {
  readonly ports: DemoPorts
  readonly databaseUrl: string
  readonly secretFile: string
  readonly webFolder: string
  readonly dashboardFolder: string
  readonly lifetimeSeconds: number
}): ChildSpec[] {
  const { ports, databaseUrl, secretFile, webFolder } = options
  const children = describeChildren({
    script: path.join(root, 'server/src/main.ts'),
    basePort: ports.web,
    servers: ports.servers.length,
    dashboard: {
      script: path.join(root, 'server/src/dashboard/main.ts'),
      folder: options.dashboardFolder,
    },
    ...{ databaseUrl, secretFile, webFolder },
  })
  const env = {
    MESSAGE_TTL_SECONDS: String(options.lifetimeSeconds),
    FASTCHAT_RATE_SIGN_UP: '200/1',
    FASTCHAT_RATE_START_SIGN_IN: '200/1',
    FASTCHAT_RATE_LOOK_UP: '3000/20',
    FASTCHAT_PLAYGROUND: 'on',
  }
  return children.map((child) => {
    if (child.name === 'balancer') {
      const publicUrl = { FASTCHAT_PUBLIC_URL: `http://127.0.0.1:${ports.web}` }
      return moved(child, ports.balancer, { ...env, ...publicUrl })
    }
    if (child.name === 'dashboard') return moved(child, ports.dashboardInside, {})
    return moved(child, child.port, env)
  })
}

function moved(child: ChildSpec, port: number, env: Readonly<Record<string, string>>): ChildSpec {
  return { ...child, port, env: { ...child.env, ...env, PORT: String(port) } }
}

import path from 'node:path'
import { dashboardPort } from '../../server/src/supervisor/children.ts'
import { root } from '../bootstrap.mjs'
import { Halt } from '../halt.mjs'

export type StartOptions = {
  readonly dataFolder: string
  readonly basePort: number
  readonly servers: number
  /** What Node runs as balancer and as server. */
  readonly script: string
  /** A PostgreSQL of the operator's own, instead of the packaged one. */
  readonly databaseUrl: string | undefined
  readonly dashboardPort: number
  /** The web pages of others that may talk to the servers. */
  readonly origins: string
}

export function readStartOptions(env: NodeJS.ProcessEnv): StartOptions {
  const servers = readNumber(env, 'FASTCHAT_SERVER_COUNT', { fallback: 5, min: 1, max: 50 })
  const basePort = readNumber(env, 'FASTCHAT_PORT', { fallback: 7680, min: 1, max: 65_475 })
  return {
    dataFolder: path.resolve(root, env.FASTCHAT_DATA || '.data'),
    basePort,
    dashboardPort: dashboardPort(basePort, servers),
    servers,
    script: path.join(root, 'server/src/main.ts'),
    databaseUrl: env.DATABASE_URL || undefined,
    origins: env.FASTCHAT_ORIGINS ?? '',
  }
}

function readNumber(
  env: NodeJS.ProcessEnv,
  name: string,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new Halt(`${name} expected a whole number from ${min} to ${max}, got "${text}".`)
}

import type { ChildSpec } from './child.ts'

/** Behind the servers, and at a port that people can remember as long as these are fewer than ten. */
export function dashboardPort(basePort: number, servers: number): number {
  return basePort + Math.max(10, servers + 1)
}

/**
 * The processes of one FastChat on one machine: the balancer on `basePort`, the servers on the ports behind it, and the
 * dashboard where it is built.
 */
export function describeChildren(options: {
  readonly script: string
  readonly basePort: number
  readonly servers: number
  readonly databaseUrl: string
  readonly secretFile: string
  /** The built chat app, where there is one. */
  readonly webFolder?: string
  readonly dashboard?: { readonly script: string; readonly folder: string }
  /** The web pages that may talk to the servers, beside our own. */
  readonly origins?: string
}): ChildSpec[] {
  const { script, basePort, servers, databaseUrl, secretFile, webFolder = '' } = options
  const host = '127.0.0.1'
  const balancerUrl = `http://${host}:${basePort}`
  const port = dashboardPort(basePort, servers)
  const origins = [options.dashboard && `http://${host}:${port}`, options.origins]
  const chat = Array.from({ length: servers + 1 }, (_, id) => {
    const port = basePort + id
    return {
      name: id === 0 ? 'balancer' : `server-${id}`,
      script,
      port,
      env: {
        FASTCHAT_ROLE: id === 0 ? 'balancer' : 'server',
        FASTCHAT_SERVER_ID: String(id),
        FASTCHAT_BALANCER_URL: balancerUrl,
        FASTCHAT_ORIGINS: origins.filter(Boolean).join(','),
        FASTCHAT_SECRET_FILE: secretFile,
        DATABASE_URL: databaseUrl,
        FASTCHAT_WEB_FOLDER: id === 0 ? webFolder : '',
        HOST: host,
        PORT: String(port),
      },
    }
  })
  if (options.dashboard === undefined) return chat
  const dashboard = {
    name: 'dashboard',
    script: options.dashboard.script,
    port,
    env: {
      FASTCHAT_BALANCER_URL: balancerUrl,
      FASTCHAT_WEB_FOLDER: options.dashboard.folder,
      // The page that operators sign in at has no business with either.
      DATABASE_URL: '',
      FASTCHAT_SECRET_FILE: '',
      HOST: host,
      PORT: String(port),
    },
  }
  return [...chat, dashboard]
}

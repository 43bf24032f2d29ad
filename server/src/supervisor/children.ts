import type { ChildSpec } from './child.ts'

/** The processes of one FastChat on one machine: the balancer on `basePort`, the servers on the ports behind it. */
export function describeChildren(options: {
  readonly script: string
  readonly basePort: number
  readonly servers: number
  readonly databaseUrl: string
  readonly secretFile: string
  /** The built chat app, where there is one. */
  readonly webFolder?: string
}): ChildSpec[] {
  const { script, basePort, servers, databaseUrl, secretFile, webFolder = '' } = options
  const host = '127.0.0.1'
  return Array.from({ length: servers + 1 }, (_, id) => {
    const port = basePort + id
    return {
      name: id === 0 ? 'balancer' : `server-${id}`,
      script,
      port,
      env: {
        FASTCHAT_ROLE: id === 0 ? 'balancer' : 'server',
        FASTCHAT_SERVER_ID: String(id),
        FASTCHAT_BALANCER_URL: `http://${host}:${basePort}`,
        FASTCHAT_SECRET_FILE: secretFile,
        DATABASE_URL: databaseUrl,
        FASTCHAT_WEB_FOLDER: id === 0 ? webFolder : '',
        HOST: host,
        PORT: String(port),
      },
    }
  })
}

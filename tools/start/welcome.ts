import path from 'node:path'
import type { StartOptions } from './options.ts'

/** What a person can do now. */
export function welcome({ basePort, dashboardPort, servers, dataFolder }: StartOptions): string {
  const at = (port: number) => `http://127.0.0.1:${port}`
  const elsewhere = basePort === 7680 ? '' : ` --server ${at(basePort)}`
  return `
FastChat is running at ${at(basePort)}

Be two people at once: open it in a browser, and in a private window or a terminal:

  npm run fastchat -- --profile bob${elsewhere}

  Dashboard   ${at(dashboardPort)}  (make an operator first: npm run operator -- add <name>)
  Playground  ${at(basePort + 1)}/playground
  Chat        ${at(basePort)}  (the balancer)
  Servers     ${at(basePort + 1)} to ${basePort + servers}
  Data, logs  ${dataFolder}, ${path.join(dataFolder, 'logs')}

Ctrl+C stops everything.
`
}

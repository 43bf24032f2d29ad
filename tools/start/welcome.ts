import path from 'node:path'
import type { StartOptions } from './options.ts'

/** What a person can do now. */
export function welcome({ basePort, servers, dataFolder }: StartOptions): string {
  const at = (port: number) => `http://127.0.0.1:${port}`
  const elsewhere = basePort === 7680 ? '' : ` --server ${at(basePort)}`
  return `
FastChat is running. Be two people at once, in two more terminals:

  npm run fastchat -- --profile alice${elsewhere}
  npm run fastchat -- --profile bob${elsewhere}

  Playground  ${at(basePort + 1)}/playground
  Balancer    ${at(basePort)}
  Servers     ${at(basePort + 1)} to ${basePort + servers}
  Data, logs  ${dataFolder}, ${path.join(dataFolder, 'logs')}

Ctrl+C stops everything.
`
}

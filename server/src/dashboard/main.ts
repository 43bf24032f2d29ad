// The operator's dashboard at an address of its own: hands out a page, and says where the servers are. It keeps the same
// contract with whoever starts it as a server does (main.ts): its environment, one message over ipc, two signals.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readDashboardConfig } from './config.ts'
import { serveDashboard } from './serve-dashboard.ts'
import { createServerList } from './server-list.ts'

try {
  await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The dashboard failed.'}\n`)
  process.exit(1)
}

async function run(): Promise<void> {
  const { host, port, balancerUrl, folder } = readDashboardConfig(process.env)
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16 * 1024 },
    serveDashboard({ folder, servers: createServerList(balancerUrl) }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const end = () => {
    server.close()
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('disconnect', end)
  const { port: listensOn } = server.address() as AddressInfo
  process.send?.({ kind: 'ready', url: `http://${host}:${listensOn}` })
}

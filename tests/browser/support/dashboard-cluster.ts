import path from 'node:path'
import { dashboardApp, ensureWebApp } from '../../../tools/build/web-app.ts'
import { type Cluster, type ClusterOptions, startCluster } from '../../support/cluster.ts'
import { startProcess } from '../../support/cluster-process.ts'
import { reservePorts } from '../../support/reserve-ports.ts'

const main = path.resolve(import.meta.dirname, '../../../server/src/dashboard/main.ts')

/** A cluster, and the dashboard as it is in the sources at an origin of its own. */
export interface DashboardCluster {
  readonly cluster: Cluster
  /** Where the operator's page is. */
  readonly url: string
  close(): Promise<void>
}

export async function startDashboardCluster(
  options: ClusterOptions = {},
): Promise<DashboardCluster> {
  const [folder, [port]] = await Promise.all([ensureWebApp(dashboardApp), reservePorts(1)])
  // The servers have to know the page before it is there.
  const env = { ...options.env, FASTCHAT_ORIGINS: `http://127.0.0.1:${port}` }
  const cluster = await startCluster({ ...options, env })
  try {
    const page = await startProcess({
      name: 'dashboard',
      script: main,
      lines: [],
      env: {
        PORT: String(port),
        FASTCHAT_BALANCER_URL: cluster.url,
        FASTCHAT_WEB_FOLDER: folder,
      },
    })
    return {
      cluster,
      url: page.url,
      async close() {
        await page.end('SIGKILL')
        await cluster.close()
      },
    }
  } catch (error) {
    await cluster.close()
    throw error
  }
}

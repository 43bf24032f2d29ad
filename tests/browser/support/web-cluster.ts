import { chatApp, ensureWebApp } from '../../../tools/build/web-app.ts'
import { type Cluster, type ClusterOptions, startCluster } from '../../support/cluster.ts'

/** A cluster whose balancer serves the chat app as it is in the sources. */
export async function startWebCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const folder = await ensureWebApp(chatApp)
  return startCluster({ ...options, env: { ...options.env, FASTCHAT_WEB_FOLDER: folder } })
}

import type { ChatClient } from '@fastchat/client-core'
import { createAccount } from './account.ts'
import type { Cluster } from './cluster.ts'
import { installationOf } from './installation-of.ts'
import { reopened } from './people.ts'
import { openSql } from './sql.ts'

/** Somebody new who is signed in and connected, without the second that a password takes. */
export async function somebodyOn(cluster: Cluster, name: string): Promise<ChatClient> {
  await using sql = await openSql(cluster.databaseUrl)
  return reopened(cluster.url, await installationOf(await createAccount(sql, name)))
}

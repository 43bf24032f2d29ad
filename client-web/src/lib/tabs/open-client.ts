import { type ChatClient, openChatClient } from '@fastchat/client-core'
import { openDatabase } from '#lib/storage/database.ts'
import { idbKeyStore } from '#lib/storage/idb-key-store.ts'
import { idbStorage } from '#lib/storage/idb-storage.ts'

/** The page comes from the balancer, which knows the servers: its address is all there is to configure. */
export async function openClient(): Promise<ChatClient> {
  const database = await openDatabase('fastchat')
  return openChatClient({
    url: location.origin,
    storage: idbStorage(database),
    keys: idbKeyStore(database),
  })
}

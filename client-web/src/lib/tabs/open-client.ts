import { type ChatClient, openChatClient } from '@fastchat/client-core'
import { openDatabase } from '#lib/storage/database.ts'
import { idbKeyStore } from '#lib/storage/idb-key-store.ts'
import { idbStorage } from '#lib/storage/idb-storage.ts'
import { forgetEarlierDemos, placeName } from './demo-run.ts'

/** The page comes from the balancer, which knows the servers: its address is all there is to configure. */
export async function openClient(): Promise<ChatClient> {
  forgetEarlierDemos().catch(() => undefined)
  const database = await openDatabase(placeName())
  return openChatClient({
    url: location.origin,
    storage: idbStorage(database),
    keys: idbKeyStore(database),
  })
}

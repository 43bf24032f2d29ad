import type { ChatClient, KeyStore, Storage } from '@fastchat/client-core'

export interface OpenClient extends AsyncDisposable {
  readonly client: ChatClient
}

interface OpenClientOptions {
  readonly url: string
  readonly keys: KeyStore
  readonly storage: Storage
}

/** The client on the files of a profile. Disposing of it closes both. */
export async function openClient({ url, keys, storage }: OpenClientOptions): Promise<OpenClient> {
  const { openChatClient } = await import('@fastchat/client-core')
  const client = await openChatClient({ url, storage, keys })
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.close()
      await storage.close()
    },
  }
}

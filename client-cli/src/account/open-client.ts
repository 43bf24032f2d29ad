import type { ChatClient, KeyStore, Storage } from '@fastchat/client-core'

const farewellMs = 2_000

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
  let hasReceived = false
  client.on('message', () => {
    hasReceived = true
  })
  return {
    client,
    async [Symbol.asyncDispose]() {
      if (hasReceived && client.connection.kind === 'live') await finishAcknowledging(client)
      await client.close()
      await storage.close()
    },
  }
}

/**
 * Closing at once would cut off the acknowledgement of a message that was just shown, and its sender
 * would be told that it expired. The answer to a question asked after it says that it went through.
 */
async function finishAcknowledging(client: ChatClient): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, farewellMs)
  })
  await Promise.race([client.devices().then(noop, noop), tooLong])
  clearTimeout(timer)
}

function noop(): void {}

import { randomBytes } from 'node:crypto'
import {
  type ChatClient,
  type ChatClientOptions,
  memoryKeyStore,
  memoryStorage,
  openChatClient,
  type TextMessage,
} from '@fastchat/client-core'

/** Somebody in the demo who is a program: the same client as everybody's, in memory. */
export interface Bot {
  readonly name: string
  /** `undefined` while the bot is offline. */
  client(): ChatClient | undefined
  goOnline(): Promise<ChatClient>
  goOffline(): Promise<void>
}

/** Makes the account, and leaves the bot online. */
export async function createBot(url: string, name: string): Promise<Bot> {
  const installation: ChatClientOptions = {
    url,
    storage: memoryStorage(),
    keys: memoryKeyStore(),
  }
  let client: ChatClient | undefined = await openChatClient(installation)
  const password = randomBytes(24).toString('base64url')
  await client.signUp({ username: name, password, deviceName: 'demo' })
  await client.connected()
  return {
    name,
    client: () => client,
    async goOnline() {
      if (client !== undefined) return client
      client = await openChatClient(installation)
      await client.resume()
      return client
    },
    async goOffline() {
      const leaving = client
      client = undefined
      await leaving?.close()
    },
  }
}

/** Calls back with every text that somebody else wrote, until the client closes. */
export function onText(client: ChatClient, listener: (message: TextMessage) => void): void {
  client.on('message', (message) => {
    if (message.kind === 'text' && !message.isMine) listener(message)
  })
}

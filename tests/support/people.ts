import { after } from 'node:test'
import {
  type ChatClient,
  type ChatClientOptions,
  type ChatEvents,
  memoryKeyStore,
  memoryStorage,
  openChatClient,
} from '@fastchat/client-core'
import { deadlineMs } from './until.ts'

/** One installed client, as it lies on a disk: it can be opened again after it was closed. */
export type Installation = Omit<ChatClientOptions, 'url'>

export const password = 'correct horse battery staple'

export function newInstallation(): Installation {
  return { storage: memoryStorage(), keys: memoryKeyStore() }
}

const opened = new Set<ChatClient>()
// A client never gives up by itself: one that a failed test left behind would keep its process from ending.
after(() => Promise.all([...opened].map((client) => client.close())))

export async function openClient(
  url: string,
  installation = newInstallation(),
): Promise<ChatClient> {
  const client = await openChatClient({ url, ...installation })
  opened.add(client)
  return client
}

/** Signed up and connected. */
export async function signedUp(
  url: string,
  username: string,
  installation = newInstallation(),
): Promise<ChatClient> {
  const client = await openClient(url, installation)
  await client.signUp({ username, password, deviceName: `${username}'s first` })
  await client.connected()
  return client
}

/** The same client as before, connected again. */
export async function reopened(url: string, installation: Installation): Promise<ChatClient> {
  const client = await openClient(url, installation)
  if (!(await client.resume())) throw new Error('Nobody was signed in on this installation.')
  return client
}

/** Resolves with the first event that fits. Says what did come when the time is over. */
export function nextEvent<Name extends keyof ChatEvents>(
  client: ChatClient,
  name: Name,
  fits: (event: ChatEvents[Name]) => boolean = () => true,
  withinMs = deadlineMs,
): Promise<ChatEvents[Name]> {
  const seen: unknown[] = []
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`No such ${name} in ${withinMs} ms, but: ${JSON.stringify(seen)}`))
    }, withinMs)
    const stop = client.on(name, (event) => {
      seen.push(event)
      if (!fits(event)) return
      clearTimeout(timer)
      stop()
      resolve(event)
    })
  })
}

/** The text of the next messages that `client` is told of, in their order. */
export async function hears(client: ChatClient, count: number): Promise<readonly string[]> {
  const texts: string[] = []
  await nextEvent(client, 'message', (message) => {
    texts.push(message.kind === 'text' ? message.text : `(${message.kind})`)
    return texts.length === count
  })
  return texts
}

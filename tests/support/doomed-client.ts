// A process with one client in it, which ends itself with SIGKILL at a given step: the moments before and after each
// commit to its disk and each request that sends or acknowledges. Started by tests, with its orders as JSON.
import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { openChatClient } from '@fastchat/client-core'
import type { ChatOperations, SendMessage } from '../../client-core/src/api/chat-api.ts'
import { graphqlApi } from '../../client-core/src/api/graphql-api.ts'
import { openClientFolder } from './client-folder.ts'

export interface Orders {
  readonly url: string
  readonly folder: string
  readonly dieAtStep: number
  /** What to write, if anything, and to whom. */
  readonly to?: string
  readonly texts: readonly string[]
}

export const wireLog = 'wire.log'

const orders = JSON.parse(process.argv[2] ?? '') as Orders
const { storage, keys } = await openClientFolder(orders.folder)
let step = 0

async function around<T>(act: () => Promise<T>): Promise<T> {
  pass()
  const result = await act()
  pass()
  return result
}

function pass(): void {
  step += 1
  if (step === orders.dieAtStep) process.kill(process.pid, 'SIGKILL')
}

/** Before it leaves: which bytes go under which id. */
function note({ clientMessageId, envelope, to }: SendMessage): void {
  const hash = createHash('sha256').update(envelope)
  for (const { keys: wraps } of to) for (const { wrappedKey } of wraps) hash.update(wrappedKey)
  appendFileSync(
    path.join(orders.folder, wireLog),
    `${clientMessageId} ${hash.digest('base64url')}\n`,
  )
}

function doomed(operations: ChatOperations): ChatOperations {
  return {
    ...operations,
    sendMessage: (input) => {
      note(input)
      return around(() => operations.sendMessage(input))
    },
    acknowledge: (input) => around(() => operations.acknowledge(input)),
  }
}

const client = await openChatClient({
  url: orders.url,
  keys,
  storage: { ...storage, commit: (changes) => around(() => storage.commit(changes)) },
  api: {
    http: graphqlApi.http,
    async connect(options) {
      const link = await graphqlApi.connect(options)
      return { ...link, operations: doomed(link.operations) }
    },
  },
})
await client.resume()
for (const text of orders.texts) {
  await client.send(orders.to ?? '', { text })
  // Promised from here on: whoever is told must find it at the other end.
  process.send?.({ durable: text })
}

import { once } from 'node:events'
import { after } from 'node:test'
import WebSocket from 'ws'
import { proveAttach } from '../../client-core/src/crypto/device-proof.ts'
import type { Account } from './account.ts'
import type { RawAnswer } from './ask-over-http.ts'

const opened = new Set<WebSocket>()
after(() => {
  for (const socket of opened) socket.terminate()
})

/** A client without any of the care that client-core takes. */
export interface RawClient {
  readonly hello: { readonly serverId: number; readonly challenge?: string }
  readonly isOpen: boolean
  ask(query: string, variables?: object): Promise<RawAnswer>
  /** Calls back with each result; resolves when the server ends it. */
  listen(query: string, variables: object, onResult: (answer: RawAnswer) => void): Promise<void>
  close(): void
}

export class SocketClosedError extends Error {
  readonly code: number
  constructor(code: number) {
    super(`The socket was closed with ${code}.`)
    this.code = code
  }
}

interface Frame {
  readonly type: string
  readonly id?: string
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly payload?: any
}

export async function openRawClient(url: string, token?: string): Promise<RawClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  opened.add(socket)
  const operations = new Map<string, (frame: Frame) => void>()
  const hello = Promise.withResolvers<RawClient['hello']>()
  let nextId = 0
  socket.on('error', () => {})
  socket.on('close', (code) => {
    hello.reject(new Error(`closed with ${code}`))
    for (const end of operations.values()) end({ type: 'closed', payload: code })
    operations.clear()
  })
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as Frame
    if (frame.type === 'connection_ack') hello.resolve(frame.payload)
    else if (frame.type === 'ping') socket.send('{"type":"pong"}')
    else operations.get(frame.id ?? '')?.(frame)
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }))

  const listen: RawClient['listen'] = (query, variables, onResult) =>
    new Promise((resolve, reject) => {
      if (socket.readyState !== WebSocket.OPEN) return reject(new SocketClosedError(1006))
      const id = String(nextId++)
      operations.set(id, ({ type, payload }) => {
        if (type === 'next') return onResult(payload)
        operations.delete(id)
        if (type === 'error') onResult({ data: null, errors: payload })
        if (type === 'closed') reject(new SocketClosedError(payload))
        else resolve()
      })
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }))
    })

  return {
    hello: await hello.promise,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN
    },
    listen,
    async ask(query, variables = {}) {
      let answer: RawAnswer = {}
      await listen(query, variables, (result) => {
        answer = result
      })
      return answer
    },
    close: () => socket.terminate(),
  }
}

const attachDocument = `mutation ($input: AttachMailboxInput!) {
  attachMailbox(input: $input) { ... on AttachMailboxPayload { attachmentId } ... on UserError { code } }
}`

/** Makes the account's device the reader of its mailbox. Returns the attachment. */
export async function attach(client: RawClient, account: Account): Promise<string> {
  const { serverId, challenge = '' } = client.hello
  const signature = await proveAttach(account.keys, {
    serverId: String(serverId),
    deviceId: account.deviceId,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
  })
  const input = { challenge, signature: Buffer.from(signature).toString('base64url') }
  const answer = await client.ask(attachDocument, { input })
  return answer.data?.attachMailbox.attachmentId
}

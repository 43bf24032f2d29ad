import { once } from 'node:events'
import WebSocket from 'ws'
import { proveAttach } from '../../client-core/src/crypto/device-proof.ts'
import { Acknowledger } from '../../client-core/src/sync/acknowledger.ts'
import { systemClock } from '../../client-core/src/sync/clock.ts'
import type { BenchAccount, SealedBody } from './accounts.ts'

/** A client that does what client-core does on the wire, and as little as possible besides. */
export interface ChatSocket {
  /** Resolves with the server's answer, after its commit. */
  send(to: BenchAccount, clientMessageId: string, body: SealedBody): Promise<void>
  close(): void
}

const attachDocument = `mutation Attach($input: AttachMailboxInput!) { attachMailbox(input: $input) { __typename ... on AttachMailboxPayload { attachmentId } } }`
const inboxDocument = `subscription Inbox($attachmentId: ID!) { inbox(attachmentId: $attachmentId) { serverTime events { __typename ... on MessageArrived { cursor clientMessageId senderDeviceId envelope wrappedKey acceptedAt expiresAt } ... on DeliveryChanged { clientMessageId deviceId state at } } } }`
const ackDocument = `mutation Acknowledge($input: AcknowledgeInput!) { acknowledge(input: $input) { __typename ... on AcknowledgePayload { ackedUpTo } } }`
const sendDocument = `mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { __typename ... on SendMessagePayload { clientMessageId acceptedAt expiresAt serverTime deliveries { deviceId state } } ... on UserError { code message } } }`

interface Frame {
  readonly type: string
  readonly id?: string
  // biome-ignore lint/suspicious/noExplicitAny: the bench trusts the server it measures.
  readonly payload?: any
}

export async function openChatSocket(
  url: string,
  account: BenchAccount,
  onMessage: (clientMessageId: string) => void,
): Promise<ChatSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  const listeners = new Map<string, (frame: Frame) => void>()
  let nextId = 0
  const post = (frame: object) => socket.send(JSON.stringify(frame))

  function request(query: string, variables: object): Promise<Record<string, unknown>> {
    const id = String(nextId++)
    return new Promise((resolve, reject) => {
      listeners.set(id, (frame) => {
        if (frame.type === 'next' && frame.payload.errors === undefined) resolve(frame.payload.data)
        else if (frame.type !== 'complete') reject(new Error(JSON.stringify(frame.payload)))
        if (frame.type !== 'next') listeners.delete(id)
      })
      post({ id, type: 'subscribe', payload: { query, variables } })
    })
  }

  const acked = new Promise<{ serverId: number; challenge: string }>((resolve) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as Frame
      if (frame.type === 'connection_ack') resolve(frame.payload)
      else if (frame.type === 'ping') post({ type: 'pong' })
      else listeners.get(frame.id ?? '')?.(frame)
    })
  })
  post({ type: 'connection_init', payload: { token: account.token } })
  const { serverId, challenge } = await acked
  const signature = await proveAttach(account.keys, {
    serverId: String(serverId),
    deviceId: account.deviceId,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
  })
  const attached = await request(attachDocument, {
    input: { challenge, signature: Buffer.from(signature).toString('base64url') },
  })
  const { attachmentId } = attached.attachMailbox as { attachmentId: string }

  const acknowledger = new Acknowledger({
    clock: systemClock,
    acknowledge: (upTo) => request(ackDocument, { input: { attachmentId, upTo } }),
    onFailed: () => socket.terminate(),
  })

  const inboxId = String(nextId++)
  listeners.set(inboxId, (frame) => {
    if (frame.type !== 'next') throw new Error(`inbox ended: ${JSON.stringify(frame)}`)
    for (const event of frame.payload.data.inbox.events)
      if (event.__typename === 'MessageArrived') {
        acknowledger.stored(event.cursor)
        onMessage(event.clientMessageId)
      }
  })
  post({
    id: inboxId,
    type: 'subscribe',
    payload: { query: inboxDocument, variables: { attachmentId } },
  })

  return {
    async send(to, clientMessageId, { envelope, wrappedKey }) {
      const keys = [{ deviceId: to.deviceId, wrappedKey }]
      const addressee = { username: to.username, deviceListVersion: 1, keys }
      const { sendMessage } = await request(sendDocument, {
        input: { clientMessageId, envelope, to: [addressee] },
      })
      const answer = sendMessage as { __typename: string }
      if (answer.__typename !== 'SendMessagePayload') throw new Error(JSON.stringify(answer))
    },
    close() {
      acknowledger.close()
      socket.terminate()
    },
  }
}

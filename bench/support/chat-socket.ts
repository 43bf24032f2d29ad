import { proveAttach } from '../../client-core/src/crypto/device-proof.ts'
import { Acknowledger } from '../../client-core/src/sync/acknowledger.ts'
import { systemClock } from '../../client-core/src/sync/clock.ts'
import type { BenchAccount, SealedBody } from './accounts.ts'
import { openGraphqlSocket } from './graphql-socket.ts'

/** A client that does what client-core does on the wire, and as little as possible besides. */
export interface ChatSocket {
  /** Resolves with the server's answer, after its commit. */
  send(to: BenchAccount, clientMessageId: string, body: SealedBody): Promise<void>
  /** The same with the whole input of `sendMessage`. */
  sendInput(input: object): Promise<void>
  close(): void
}

const attachDocument = `mutation Attach($input: AttachMailboxInput!) { attachMailbox(input: $input) { __typename ... on AttachMailboxPayload { attachmentId } } }`
const inboxDocument = `subscription Inbox($attachmentId: ID!) { inbox(attachmentId: $attachmentId) { serverTime events { __typename ... on MessageArrived { cursor clientMessageId senderDeviceId envelope wrappedKey acceptedAt expiresAt } ... on DeliveryChanged { clientMessageId deviceId state at } } } }`
const ackDocument = `mutation Acknowledge($input: AcknowledgeInput!) { acknowledge(input: $input) { __typename ... on AcknowledgePayload { ackedUpTo } } }`
const sendDocument = `mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { __typename ... on SendMessagePayload { clientMessageId acceptedAt expiresAt serverTime deliveries { deviceId state } } ... on UserError { code message } } }`

export async function openChatSocket(
  url: string,
  account: BenchAccount,
  onMessage: (clientMessageId: string) => void,
): Promise<ChatSocket> {
  const socket = await openGraphqlSocket(url, account.token)
  const { serverId, challenge, request } = socket
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

  socket.subscribe(inboxDocument, { attachmentId }, ({ inbox }) => {
    for (const event of inbox.events)
      if (event.__typename === 'MessageArrived') {
        acknowledger.stored(event.cursor)
        onMessage(event.clientMessageId)
      }
  })

  async function sendInput(input: object): Promise<void> {
    const { sendMessage } = await request(sendDocument, { input })
    const answer = sendMessage as { __typename: string }
    if (answer.__typename !== 'SendMessagePayload') throw new Error(JSON.stringify(answer))
  }

  return {
    sendInput,
    async send(to, clientMessageId, { envelope, wrappedKey }) {
      const keys = [{ deviceId: to.deviceId, wrappedKey }]
      const addressee = { username: to.username, deviceListVersion: 1, keys }
      await sendInput({ clientMessageId, envelope, to: [addressee] })
    },
    close() {
      acknowledger.close()
      socket.terminate()
    },
  }
}

import { directConversation } from '../../client-core/src/crypto/conversation.ts'
import { createMessageId } from '../../client-core/src/crypto/ids.ts'
import { sealRsaV1 } from '../../client-core/src/crypto/rsa-v1/seal.ts'
import { encodeText } from '../../client-core/src/sync/message-content.ts'
import type { Account } from './account.ts'

/** The input of `sendMessage`, as it travels. */
export interface SendInput {
  readonly clientMessageId: string
  readonly envelope: string
  readonly to: readonly {
    readonly username: string
    readonly deviceListVersion: number
    readonly keys: readonly { readonly deviceId: string; readonly wrappedKey: string }[]
  }[]
  readonly group?: { readonly groupId: string; readonly rosterVersion: number }
}

export const sendDocument = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { __typename ... on SendMessagePayload { deliveries { deviceId state } } ... on UserError { code } }
}`

/** What an honest client would send. */
export async function sealedMessage(from: Account, to: Account, text: string): Promise<SendInput> {
  const messageId = createMessageId(Date.now(), null)
  const { envelope, wraps } = await sealRsaV1({
    content: encodeText({ text }),
    conversation: directConversation(from.username, to.username),
    messageId,
    kind: 'text',
    sentAt: Date.now(),
    ttlMs: 120_000,
    prevHash: new Uint8Array(0),
    sender: { user: from.username, deviceId: from.deviceId, keys: from.keys },
    recipients: [to.signed.list],
  })
  return addressedTo(to, messageId, envelope, wraps[0]?.wrap ?? new Uint8Array())
}

export function addressedTo(
  to: Account,
  clientMessageId: string,
  envelope: Uint8Array,
  wrappedKey: Uint8Array,
): SendInput {
  const keys = [{ deviceId: to.deviceId, wrappedKey: base64url(wrappedKey) }]
  return {
    clientMessageId,
    envelope: base64url(envelope),
    to: [{ username: to.username, deviceListVersion: 1, keys }],
  }
}

export const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

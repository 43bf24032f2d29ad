import type { ChatApi, ChatOperations } from '../api/chat-api.ts'
import type { Username } from '../brands.ts'
import { toBase64url } from '../crypto/base64url.ts'
import { noBytes } from '../crypto/bytes.ts'
import { directConversation } from '../crypto/conversation.ts'
import { proveAttach } from '../crypto/device-proof.ts'
import { createMessageId } from '../crypto/ids.ts'
import { rsaV1 } from '../crypto/rsa-v1/rsa-v1.ts'
import { networkError } from '../errors.ts'
import { usernameOf } from './addressing.ts'
import { encodeText } from './message-content.ts'
import { type Me, sealAttempt } from './seal-attempt.ts'
import type { Session } from './session.ts'
import { trustedList } from './trusted-list.ts'

/** What somebody needs to try the API by hand as this device. Whoever has the token acts as its owner. */
export interface ApiAccess {
  /** The attachment holds on this server and no other. */
  readonly url: string
  /** For the header `authorization: Bearer <token>`. Ends with the session of this device. */
  readonly token: string
  /** For `inbox(attachmentId:)`. The client's own reader is replaced by it. */
  readonly attachmentId: string
  readonly sample?: ApiSample
}

/** The `input` of `sendMessage`, sealed for the devices of one person, as it stands in JSON. */
export interface ApiSample {
  readonly clientMessageId: string
  readonly envelope: string
  readonly to: readonly {
    readonly username: string
    readonly deviceListVersion: number
    readonly keys: readonly { readonly deviceId: string; readonly wrappedKey: string }[]
  }[]
}

interface ApiAccessPorts {
  readonly session: Session
  readonly api: ChatApi
  readonly token: string | undefined
}

export async function apiAccess(
  { session, api, token }: ApiAccessPorts,
  sample?: { readonly to: string; readonly text: string },
): Promise<ApiAccess> {
  const { state } = session.connection
  if (state.kind !== 'live' || token === undefined) throw networkError()
  const { url } = state.server
  const sealed = sample && (await sealSample(session, usernameOf(sample.to), sample.text))
  const attachmentId = await attachForApi(session.me, api.http(url, token))
  return { url, token, attachmentId, ...(sealed !== undefined && { sample: sealed }) }
}

/** Attaches over plain HTTP, as a script without a socket has to. */
async function attachForApi(me: Me, operations: ChatOperations): Promise<string> {
  const { serverId, challenge } = await operations.attachChallenge()
  const { deviceId, keys } = me
  const signature = await proveAttach(keys, { serverId, deviceId, challenge })
  return (await operations.attachMailbox({ challenge, signature })).attachmentId
}

/** Seals a text that is neither kept nor sent here. */
async function sealSample(
  { me, directory, serverClock }: Session,
  to: Username,
  text: string,
): Promise<ApiSample> {
  const nowMs = serverClock.nowMs()
  const theirs = trustedList(to, await directory.get(to))
  const mine = trustedList(me.user, await directory.get(me.user))
  const clientMessageId = createMessageId(nowMs, null)
  const record = {
    messageId: clientMessageId,
    conversation: directConversation(me.user, to),
    peer: to,
    kind: 'text',
    content: encodeText({ text }),
    createdAtMs: nowMs,
    deliveries: [],
  } as const
  const hasOthers = mine.devices.some(({ id }) => id !== me.deviceId)
  const recipients = { lists: hasOthers ? [theirs, mine] : [theirs] }
  const sealed = await sealAttempt(rsaV1, {
    record,
    me,
    recipients,
    prevHash: noBytes,
    ttlMs: 120_000,
  })
  return {
    clientMessageId,
    envelope: toBase64url(sealed.envelope),
    to: sealed.to.map(({ keys, ...addressee }) => ({
      ...addressee,
      keys: keys.map(({ deviceId, wrappedKey }) => {
        return { deviceId, wrappedKey: toBase64url(wrappedKey) }
      }),
    })),
  }
}

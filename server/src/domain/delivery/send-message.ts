import { createHash } from 'node:crypto'
import type { NotedCopy } from '../../bus/bus.ts'
import type { Acceptance, OutgoingMessage } from '../../store/accept-messages.ts'
import type { DeliveryState } from '../../store/messages.ts'
import type { Deps } from '../deps.ts'
import type { DeviceSet } from '../directory/device-sets.ts'
import {
  ConflictError,
  InvalidInputError,
  MailboxFullError,
  NotFoundError,
  PayloadTooLargeError,
  StaleDeviceListError,
  type UserError,
} from '../errors.ts'
import { checkRoster, type GroupOfMessage, staleRoster } from '../groups/check-roster.ts'
import { isUsername } from '../identity/username.ts'
import { limits } from '../limits.ts'
import type { DeviceViewer } from '../viewer.ts'
import { listOutcomes } from './list-outcomes.ts'

type Accepted = Extract<Acceptance, { kind: 'accepted' }>

export interface SendMessage {
  readonly clientMessageId: string
  readonly envelope: Uint8Array
  readonly to: readonly Addressee[]
  /** A complete upload of this device. */
  readonly fileId?: string | null | undefined
  /** The group it is for; none when it is for one person. */
  readonly group?: GroupOfMessage | null | undefined
}

/** An account the message is sealed for: every device on this version of its list, and one key for each. */
export interface Addressee {
  readonly username: string
  readonly deviceListVersion: number
  readonly keys: readonly { readonly deviceId: string; readonly wrappedKey: Uint8Array }[]
}

export interface SentMessage {
  readonly clientMessageId: string
  readonly acceptedAt: Date
  readonly expiresAt: Date
  readonly serverTime: Date
  readonly deliveries: readonly { readonly deviceId: string; readonly state: DeliveryState }[]
}

/** Stores a message for every device it is sealed for. The answer comes after the commit; repeating it is harmless. */
export async function sendMessage(
  deps: Deps,
  viewer: DeviceViewer,
  input: SendMessage,
): Promise<SentMessage> {
  const keys = input.to.flatMap((addressee) => addressee.keys)
  checkSizes(input, keys)
  await deps.sendLimiter.take(viewer.deviceId)
  const deviceLists = await checkRecipients(deps, viewer, input).catch(async (error: unknown) => {
    // What was accepted once stays accepted, whatever has become of devices and members since. No list has version 0: should
    // the first answer be forgotten at this very moment, the message is stale and not stored unchecked.
    if (await wasAccepted(deps, viewer, input.clientMessageId))
      return [{ clientId: viewer.clientId, version: 0 }]
    throw error
  })
  const { group } = input

  const plain: OutgoingMessage = {
    senderDeviceId: viewer.deviceId,
    senderServer: deps.server.id,
    messageId: input.clientMessageId,
    requestHash: hashOf(input),
    envelope: input.envelope,
    deviceLists,
    keys,
  }
  const message = input.fileId == null && group == null ? plain : withExtras(plain, input)
  const acceptance = await deps.store.messages.accept(message)

  switch (acceptance.kind) {
    case 'conflict':
      throw new ConflictError(
        'This clientMessageId was used for another message. The first one stands; send this one with a new id.',
      )
    case 'no-file':
      throw new NotFoundError(
        'This file is not there, not complete, or expired before it was sent. Start its upload again, send what is missing, then this message.',
      )
    case 'file-sent':
      throw new ConflictError(
        'This file was sent with another message. Upload it again under a new id.',
      )
    case 'stale': {
      const index = deviceLists.findIndex(({ clientId }) => clientId === acceptance.clientId)
      throw new StaleDeviceListError(input.to[index]?.username ?? '', acceptance.currentVersion)
    }
    case 'stale-roster':
      if (group == null) throw new Error('unreachable: a message for no group, and a stale roster')
      throw await staleRoster(deps, viewer, group)
    case 'full':
      throw new MailboxFullError(acceptance.deviceIds)
    case 'accepted':
      return acceptance.repeated
        ? answerRepeated(deps, viewer, input.clientMessageId, acceptance)
        : answerAccepted(deps, message, acceptance)
  }
}

function withExtras(message: OutgoingMessage, { fileId, group }: SendMessage): OutgoingMessage {
  return {
    ...message,
    ...(fileId != null && { fileId }),
    ...(group != null && { group: { groupId: group.groupId, version: group.rosterVersion } }),
  }
}

function answerAccepted(deps: Deps, message: OutgoingMessage, accepted: Accepted): SentMessage {
  ringDoorbells(deps, message, accepted)
  const { senderDeviceId, messageId } = message
  const { acceptedAt, expiresAt, deliveries } = accepted
  const stored = deliveries.filter(({ seq }) => seq > 0n).map(({ deviceId }) => deviceId)
  deps.deliveries.watch.add(senderDeviceId, messageId, stored, expiresAt)
  return {
    clientMessageId: messageId,
    acceptedAt,
    expiresAt,
    serverTime: new Date(deps.deliveries.now()),
    deliveries: deliveries.map(({ deviceId, seq }) => ({
      deviceId,
      state: seq > 0n ? 'STORED' : 'MAILBOX_FULL',
    })),
  }
}

/** The first answer again, with what has become of the message since. */
async function answerRepeated(
  deps: Deps,
  viewer: DeviceViewer,
  clientMessageId: string,
  { acceptedAt, expiresAt }: Accepted,
): Promise<SentMessage> {
  const [outcome] = await listOutcomes(deps, viewer, [clientMessageId])
  const serverTime = new Date(deps.deliveries.now())
  return {
    clientMessageId,
    acceptedAt,
    expiresAt,
    serverTime,
    deliveries: outcome?.deliveries ?? [],
  }
}

/**
 * After the commit, never inside it: a reader that looks too early would find nothing and go back to sleep. The message
 * goes along, so that a reader who has all before it need not look at all.
 */
function ringDoorbells({ deliveries }: Deps, sent: OutgoingMessage, accepted: Accepted): void {
  deliveries.counters.accepted += 1
  const { senderDeviceId, senderServer, messageId, envelope } = sent
  const { acceptedAt, expiresAt } = accepted
  const keys = new Map(sent.keys.map((key) => [key.deviceId, key.wrappedKey]))
  const copiesOn = new Map<number, NotedCopy[]>()
  for (const { deviceId, seq, attachedServer } of accepted.deliveries) {
    const wrappedKey = keys.get(deviceId)
    if (seq === 0n || attachedServer === null || wrappedKey === undefined) continue
    const copies = copiesOn.get(attachedServer)
    if (copies === undefined) copiesOn.set(attachedServer, [{ deviceId, seq, wrappedKey }])
    else copies.push({ deviceId, seq, wrappedKey })
  }
  for (const [serverId, copies] of copiesOn)
    deliveries.notify(serverId, {
      kind: 'message',
      message: { senderDeviceId, senderServer, messageId, acceptedAt, expiresAt, envelope, copies },
    })
}

function checkSizes({ envelope, to }: SendMessage, keys: Addressee['keys']): void {
  if (envelope.length === 0)
    throw new InvalidInputError('envelope', '"envelope" is empty. Seal the message first.')
  if (envelope.length > limits.envelopeBytes)
    throw new PayloadTooLargeError(
      limits.envelopeBytes,
      `The message is larger than ${limits.envelopeBytes} bytes. Send it in parts, or as a file.`,
    )
  if (keys.length > limits.recipientDevices)
    throw new PayloadTooLargeError(
      limits.recipientDevices,
      `A message may be sealed for at most ${limits.recipientDevices} devices.`,
    )
  if (keys.length === 0)
    throw new InvalidInputError('to', '"to" names no device. Seal the message for at least one.')
  if (keys.some(({ wrappedKey }) => wrappedKey.length === 0))
    throw new InvalidInputError('to', '"to" holds an empty key. Wrap the key for each device.')
  if (keys.some(({ wrappedKey }) => wrappedKey.length > limits.wrappedKeyBytes))
    throw new PayloadTooLargeError(
      limits.wrappedKeyBytes,
      `A wrapped key may have at most ${limits.wrappedKeyBytes} bytes.`,
    )
  if (to.length > 1 && new Set(to.map(({ username }) => username)).size < to.length)
    throw new InvalidInputError('to', '"to" names an account twice. Put all its keys into one.')
}

async function wasAccepted(
  { store }: Deps,
  { deviceId }: DeviceViewer,
  messageId: string,
): Promise<boolean> {
  const outcomes = await store.messages.findOutcomes([{ senderDeviceId: deviceId, messageId }])
  return outcomes.length > 0
}

async function checkRecipients(
  deps: Deps,
  viewer: DeviceViewer,
  { group, to }: SendMessage,
): Promise<{ clientId: string; version: number }[]> {
  if (group != null) await checkRoster(deps, viewer, group, to)
  return Promise.all(to.map((addressee) => checkAddressee(deps, viewer, addressee)))
}

/** Sealed for exactly the devices the account has: none left out, none slipped in. The sending device keeps its own copy. */
async function checkAddressee(
  { deviceSets }: Deps,
  viewer: DeviceViewer,
  addressee: Addressee,
): Promise<{ clientId: string; version: number }> {
  const { username, deviceListVersion } = addressee
  const noSuchAccount = () => new NotFoundError('There is no such account. Check the name.')
  // What cannot be a name is not even asked for: PostgreSQL takes no text with a NUL in it.
  if (!isUsername(username)) throw noSuchAccount()
  let set = await deviceSets.find(username, deviceListVersion)
  // What is remembered may be out of date, or of somebody who had the name before: it may let pass, since the store compares
  // again, but only what the database says now may refuse.
  if (set !== null && refusalOf(set, viewer, addressee) !== null)
    set = await deviceSets.refresh(username)
  if (set === null) throw noSuchAccount()
  const refusal = refusalOf(set, viewer, addressee)
  if (refusal !== null) throw refusal
  return { clientId: set.clientId, version: deviceListVersion }
}

function refusalOf(
  { currentVersion, deviceIds }: DeviceSet,
  viewer: DeviceViewer,
  { username, deviceListVersion, keys }: Addressee,
): UserError | null {
  if (currentVersion !== deviceListVersion)
    return new StaleDeviceListError(username, currentVersion)
  const expected = deviceIds.filter((deviceId) => deviceId !== viewer.deviceId)
  const named = new Set(keys.map(({ deviceId }) => deviceId))
  if (keys.length === expected.length && expected.every((deviceId) => named.has(deviceId)))
    return null
  return new InvalidInputError(
    'to',
    '"to" must hold one wrapped key for each current device of the account, and no other.',
  )
}

function hashOf({ envelope, to, fileId, group }: SendMessage): Uint8Array {
  const hash = createHash('sha256').update(envelope)
  // Text is gathered up to the next bytes: each update costs more than what it hashes.
  let text = ''
  if (group != null) text += `/group/${group.groupId}`
  if (fileId != null) text += `/file/${fileId}`
  for (const { username, keys } of to) {
    text += `/${username}`
    for (const { deviceId, wrappedKey } of keys) {
      hash.update(`${text}/${deviceId}/`).update(wrappedKey)
      text = ''
    }
  }
  return hash.update(text).digest()
}

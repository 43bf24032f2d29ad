import type { Accepted, Addressee, ChatOperations } from '../api/chat-api.ts'
import type { Sealed, Username } from '../brands.ts'
import { noBytes } from '../crypto/bytes.ts'
import { MalformedError } from '../crypto/canonical-cbor.ts'
import type { DeviceList } from '../crypto/device-list.ts'
import type { MessageProtocol } from '../crypto/message-protocol.ts'
import { ChatError } from '../errors.ts'
import type { Directory } from './directory.ts'
import { decodeFile } from './file-content.ts'
import type { OutboxRecord, SealedAttempt } from './records.ts'
import { type Me, sealAttempt } from './seal-attempt.ts'
import type { Timeline } from './timeline.ts'

export interface SealPorts {
  readonly directory: Directory
  readonly timeline: Timeline
  readonly protocol: MessageProtocol
  readonly me: Me
  readonly ttlMs: () => number
}

/** Throws unless there is somebody to seal for whose keys are trusted. */
export async function recipientsOf(
  { directory, me }: Pick<SealPorts, 'directory' | 'me'>,
  { peer }: OutboxRecord,
): Promise<readonly DeviceList[]> {
  const theirs = await trustedList(directory, peer)
  const mine = await trustedList(directory, me.user)
  if (theirs.devices.length === 0) {
    throw new ChatError('NO_DEVICES', `${peer} has no device to read it. Try again later.`)
  }
  return mine.devices.some(({ id }) => id !== me.deviceId) ? [theirs, mine] : [theirs]
}

/** Seals for every device of the recipient and every other device of the sender. */
export async function sealForAll(ports: SealPorts, record: OutboxRecord): Promise<SealedAttempt> {
  const { timeline, protocol, me, ttlMs } = ports
  const recipients = await recipientsOf(ports, record)
  const prevHash = (await timeline.chainHead(record.conversation)) ?? noBytes
  try {
    return await sealAttempt(protocol, { record, me, recipients, prevHash, ttlMs: ttlMs() })
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error
    throw new ChatError('BAD_USER_INPUT', 'No receiver would accept this message. Shorten it.')
  }
}

async function trustedList(directory: Directory, username: Username): Promise<DeviceList> {
  const trust = await directory.get(username)
  switch (trust.kind) {
    case 'trusted':
      return trust.list
    case 'key-changed':
      throw new ChatError(
        'KEY_CHANGED',
        `The key of ${username} has changed. Compare safety numbers, then accept the new key.`,
        { username },
      )
    case 'not-found':
      throw new ChatError('NOT_FOUND', `There is no account ${username}. Check the name.`)
    case 'refused':
      throw new ChatError(
        'UNTRUSTED_ANSWER',
        `The server gave a device list of ${username} that does not hold. Nothing was sent.`,
        { username },
      )
  }
}

export function sendAttempt(
  operations: ChatOperations,
  { messageId, content, kind }: OutboxRecord,
  attempt: SealedAttempt,
): Promise<Accepted> {
  const file = kind === 'file' ? decodeFile(content) : undefined
  return operations.sendMessage({
    clientMessageId: messageId,
    // Stored bytes that `seal` made; the storage gives them back without their brand.
    envelope: attempt.envelope as Sealed,
    to: attempt.to,
    ...(file !== undefined && { fileId: file.secret.fileId }),
  })
}

/** The devices whose fate decides the message's: the recipient's, not the sender's own others. */
export function recipientDevices(to: readonly Addressee[], peer: Username): readonly string[] {
  const theirs = to.find((addressee) => addressee.username === peer)
  return theirs?.keys.map((key) => key.deviceId) ?? []
}

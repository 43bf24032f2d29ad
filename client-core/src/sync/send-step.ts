import type { Accepted, ChatOperations } from '../api/chat-api.ts'
import type { Sealed } from '../brands.ts'
import { noBytes } from '../crypto/bytes.ts'
import { MalformedError } from '../crypto/canonical-cbor.ts'
import { groupOf } from '../crypto/conversation.ts'
import type { DeviceList } from '../crypto/device-list.ts'
import type { MessageProtocol, RosterPoint } from '../crypto/message-protocol.ts'
import { ChatError } from '../errors.ts'
import type { Directory } from './directory.ts'
import { decodeFile } from './file-content.ts'
import type { GroupBook } from './groups/group-book.ts'
import { groupRecipients } from './groups/group-recipients.ts'
import type { OutboxRecord, SealedAttempt } from './records.ts'
import { type Me, sealAttempt } from './seal-attempt.ts'
import type { Timeline } from './timeline.ts'
import { trustedList } from './trusted-list.ts'

export interface SealPorts {
  readonly directory: Directory
  readonly groups: GroupBook
  readonly timeline: Timeline
  readonly protocol: MessageProtocol
  readonly me: Me
  readonly ttlMs: () => number
}

/** Whom a message is for: every device in these lists but the sending one. */
export interface Recipients {
  readonly lists: readonly DeviceList[]
  /** In groups: the roster they were taken from. */
  readonly roster?: RosterPoint
}

/** Throws unless there is somebody to seal for whose keys are trusted. */
export async function recipientsOf(
  ports: Pick<SealPorts, 'directory' | 'groups' | 'me'>,
  { peer, conversation }: OutboxRecord,
): Promise<Recipients> {
  const { directory, me } = ports
  if (peer === undefined) return groupRecipients(ports, conversation)
  const theirs = trustedList(peer, await directory.get(peer))
  const mine = trustedList(me.user, await directory.get(me.user))
  if (theirs.devices.length === 0) {
    throw new ChatError('NO_DEVICES', `${peer} has no device to read it. Try again later.`)
  }
  const hasOthers = mine.devices.some(({ id }) => id !== me.deviceId)
  return { lists: hasOthers ? [theirs, mine] : [theirs] }
}

/** Seals for every device of the recipients and every other device of the sender. */
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

export function sendAttempt(
  operations: ChatOperations,
  { messageId, conversation, content, kind }: OutboxRecord,
  attempt: SealedAttempt,
): Promise<Accepted> {
  const groupId = groupOf(conversation)
  const { rosterVersion } = attempt
  const file = kind === 'file' ? decodeFile(content) : undefined
  return operations.sendMessage({
    clientMessageId: messageId,
    // Stored bytes that `seal` made; the storage gives them back without their brand.
    envelope: attempt.envelope as Sealed,
    to: attempt.to,
    ...(groupId !== undefined && { group: { groupId, rosterVersion: rosterVersion ?? 0 } }),
    ...(file !== undefined && { fileId: file.secret.fileId }),
  })
}

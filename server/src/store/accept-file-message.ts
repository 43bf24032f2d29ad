import type { Pool, PoolClient } from 'pg'
import {
  type Acceptance,
  acceptMessages,
  type MessageStoreOptions,
  type OutgoingMessage,
} from './accept-messages.ts'
import { inTransaction } from './in-transaction.ts'
import { isUniqueViolation } from './unique-violation.ts'

type FileState = 'ready' | 'no-file' | 'file-sent'

/**
 * A message that brings a file: both or neither. It shares its commit with no other message, so that those without a file
 * pay nothing for it.
 */
export async function acceptFileMessage(
  pool: Pool,
  options: MessageStoreOptions,
  sent: { readonly message: OutgoingMessage; readonly fileId: string },
): Promise<Acceptance> {
  const { message, fileId } = sent
  const accept = () =>
    inTransaction<Acceptance>(
      pool,
      async (client) => {
        const file = await lockFile(client, fileId, message)
        // Before anything is written: what is rolled back stays readable in the heap.
        if (file !== 'ready' && !(await wasAccepted(client, message))) return { kind: file }
        const [acceptance] = await acceptMessages(client, options, [message])
        if (acceptance === undefined) throw new Error('unreachable: one message, one answer')
        if (acceptance.kind !== 'accepted' || acceptance.repeated) return acceptance
        // The first answer was forgotten at this very moment.
        if (file !== 'ready') return { kind: file }
        await bind(client, fileId, message, acceptance)
        return acceptance
      },
      ({ kind }) => kind === 'accepted',
    )
  try {
    return await accept()
  } catch (error) {
    // The same message with another file came at the same time; now it is there to be read.
    if (!isUniqueViolation(error)) throw error
    return accept()
  }
}

/** From here on nobody else can send it, and its slot is not emptied. */
async function lockFile(
  client: PoolClient,
  fileId: string,
  { senderDeviceId }: OutgoingMessage,
): Promise<FileState> {
  const { rows } = await client.query<{ sent: boolean; complete: boolean }>({
    name: 'lock-file',
    text: `SELECT f.message_id IS NOT NULL AS sent,
      f.chunk_count = (SELECT count(*) FROM file_chunks c WHERE c.slot = f.slot AND c.file_id = f.id) AS complete
    FROM files f WHERE f.id = $1 AND f.device_id = $2 AND f.expires_at > clock_timestamp() FOR UPDATE`,
    values: [fileId, senderDeviceId],
  })
  const [file] = rows
  if (file?.sent === true) return 'file-sent'
  return file?.complete === true ? 'ready' : 'no-file'
}

async function wasAccepted(
  client: PoolClient,
  { senderDeviceId, messageId }: OutgoingMessage,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT FROM sent_messages WHERE sender_device_id = $1 AND message_id = $2',
    [senderDeviceId, messageId],
  )
  return rowCount === 1
}

/** The file now lives as long as its message, for the devices that got it. */
async function bind(
  client: PoolClient,
  fileId: string,
  { messageId }: OutgoingMessage,
  { expiresAt, deliveries }: Extract<Acceptance, { kind: 'accepted' }>,
): Promise<void> {
  const recipients = deliveries.filter(({ seq }) => seq > 0n).map(({ deviceId }) => deviceId)
  await client.query({
    name: 'bind-file',
    text: 'UPDATE files SET message_id = $2, expires_at = $3, recipient_device_ids = $4 WHERE id = $1',
    values: [fileId, messageId, expiresAt, recipients],
  })
}

import type { Pool } from 'pg'
import { byteaArray, int4Array, uuidArray } from './binary-array.ts'
import { type AnswerRow, asText, readAcceptances } from './read-acceptances.ts'

/** A message that the rules have allowed: for whom it is sealed, and one wrapped key for each recipient device. */
export interface OutgoingMessage {
  readonly senderDeviceId: string
  readonly senderServer: number
  readonly messageId: string
  readonly requestHash: Uint8Array
  readonly envelope: Uint8Array
  /** The file it brings. */
  readonly fileId?: string
  readonly deviceLists: readonly { readonly clientId: string; readonly version: number }[]
  readonly keys: readonly { readonly deviceId: string; readonly wrappedKey: Uint8Array }[]
  /** The group it is for, and the version of the roster that allows it. */
  readonly group?: { readonly groupId: string; readonly version: number }
}

export interface AcceptedDelivery {
  readonly deviceId: string
  /** The place in the mailbox; 0 when the mailbox was full. */
  readonly seq: bigint
  /** The server its reader is on, if it has one. */
  readonly attachedServer: number | null
}

export interface MessageStoreOptions {
  readonly messageTtlMs: number
  /** What one mailbox may hold. */
  readonly quota: { readonly messages: number; readonly bytes: number }
}

export type Acceptance =
  | {
      readonly kind: 'accepted'
      /** This id was accepted before: here is the first answer. */
      readonly repeated: boolean
      readonly acceptedAt: Date
      readonly expiresAt: Date
      readonly deliveries: readonly AcceptedDelivery[]
    }
  | { readonly kind: 'conflict' }
  /** There is no complete upload of this device with that id, or it has expired. */
  | { readonly kind: 'no-file' }
  /** The file was sent with another message. */
  | { readonly kind: 'file-sent' }
  | { readonly kind: 'stale'; readonly clientId: string; readonly currentVersion: number }
  | { readonly kind: 'stale-roster' }
  | { readonly kind: 'full'; readonly deviceIds: readonly string[] }

// Fixed for the statement, and the database's clock.
const now = "date_trunc('milliseconds', statement_timestamp())"
const expiry = `${now} + $5::int * interval '1 millisecond'`
const slot = `(SELECT msg_slot(${now}, $5::int))`

/**
 * One statement, one commit for the whole batch. Mailboxes are locked in the order of their ids, so batches of five
 * servers cannot deadlock; sequences are taken under that lock, so a reader by cursor never skips a message.
 * LATERAL with LIMIT, `= ANY` of an array, and few rows expected beside a key pin the plan to look-ups by key, whatever the
 * statistics say. A message to a group has hundreds of devices, and a batch thousands, of which the planner knows nothing:
 * so rows meet without being compared with each other. NOT IN is a hash that is looked into, FULL JOIN cannot be done by
 * nested loops, and what is known of a message is taken from its array by its number.
 * Half of what a small batch costs is the setting up of its plan, so every node that is not there counts: the slot is a
 * subquery, which is run once and not for each row, and the answers are told one after the other instead of joined.
 *
 * Sends to a group lock its row first, as every change of the group does: what is stored here was sealed for the roster that
 * is the newest one until this commits. The lock is exclusive. Sends to one group wait for each other anyway, at the
 * mailboxes of its members; and a change that waits behind a shared lock could be overtaken for ever.
 */
const acceptSql = (isForGroups: boolean) => `
WITH earlier AS MATERIALIZED (
  SELECT m.ord::int AS ord, s.request_hash = ($3::bytea[])[m.ord] AS same, s.accepted_at, s.expires_at, s.recipient_device_ids,
    s.recipient_seqs
  FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS m(sender, message, ord) CROSS JOIN LATERAL (
    SELECT * FROM sent_messages s WHERE s.sender_device_id = m.sender AND s.message_id = m.message LIMIT 1
  ) s
), stale AS MATERIALIZED (
  SELECT l.ord, l.client, coalesce(c.device_list_version, 0) AS version
  FROM unnest($6::int[], $7::uuid[], $8::int[]) AS l(ord, client, version)
  LEFT JOIN LATERAL (SELECT device_list_version FROM clients WHERE id = l.client LIMIT 1) c ON true
  WHERE c.device_list_version IS DISTINCT FROM l.version
${isForGroups ? rosterSql : ''}), wanted AS MATERIALIZED (
  SELECT d.ord, d.device, d.wrap, octet_length(d.wrap) + ($15::int[])[d.ord] AS size
  FROM unnest($9::int[], $10::uuid[], $11::bytea[]) AS d(ord, device, wrap)
  WHERE d.ord NOT IN (SELECT ord FROM earlier) AND d.ord NOT IN (SELECT ord FROM stale)
${isForGroups ? '    AND d.ord NOT IN (SELECT ord FROM outdated)\n' : ''}), box AS MATERIALIZED (
  SELECT b.device_id, b.next_seq, b.stored_count, b.stored_bytes, b.attached_server FROM mailboxes b
  WHERE b.device_id = ANY (ARRAY(SELECT device FROM wanted)) ORDER BY b.device_id FOR UPDATE
), placed AS MATERIALIZED (
  SELECT ord, device, wrap, size, attached_server, CASE
    WHEN stored_count + count(*) OVER arrivals <= $12::int AND stored_bytes + sum(size) OVER arrivals <= $13::int
    THEN next_seq + count(*) OVER arrivals - 1 ELSE 0 END AS seq
  FROM wanted FULL JOIN box ON device_id = device
  WHERE ord NOT IN (SELECT ord FROM wanted WHERE device NOT IN (SELECT device_id FROM box))
  WINDOW arrivals AS (PARTITION BY device ORDER BY ord)
), moved AS (
  UPDATE mailboxes b
  SET next_seq = b.next_seq + p.count, stored_count = b.stored_count + p.count, stored_bytes = b.stored_bytes + p.bytes
  FROM (SELECT device, count(*)::int AS count, sum(size)::int AS bytes FROM placed WHERE seq > 0 GROUP BY device) p
  WHERE b.device_id = p.device
), rows AS (
  INSERT INTO msg_store (slot, device_id, seq, sender_device_id, message_id, accepted_at, expires_at, size, sender_server, wrapped_key)
  SELECT ${slot}, device, seq, ($1::uuid[])[ord], ($2::uuid[])[ord], ${now}, ${expiry}, size, $14::int, wrap FROM placed WHERE seq > 0
), answers AS MATERIALIZED (
  SELECT ord, bool_or(seq > 0) AS any_fits, array_agg(device ORDER BY device) AS devices,
    array_agg(seq ORDER BY device) AS seqs, array_agg(coalesce(attached_server, -1) ORDER BY device) AS servers
  FROM placed GROUP BY ord
), bodies AS (
  INSERT INTO msg_bodies (slot, sender_device_id, message_id, envelope)
  SELECT ${slot}, ($1::uuid[])[ord], ($2::uuid[])[ord], ($4::bytea[])[ord] FROM answers WHERE any_fits
), sent AS (
  INSERT INTO sent_messages (sender_device_id, message_id, request_hash, accepted_at, expires_at, recipient_device_ids, recipient_seqs)
  SELECT ($1::uuid[])[ord] AS sender, ($2::uuid[])[ord] AS message, ($3::bytea[])[ord], ${now}, ${expiry}, devices, seqs
  FROM answers WHERE any_fits ORDER BY sender, message
)
SELECT ord, CASE WHEN any_fits THEN 'accepted' ELSE 'full' END AS answer, ${now} AS accepted_at, ${expiry} AS expires_at,
  devices, seqs, servers, NULL::uuid AS client, NULL::int AS version FROM answers
UNION ALL SELECT ord, CASE WHEN same THEN 'repeated' ELSE 'conflict' END, accepted_at, expires_at,
  recipient_device_ids, recipient_seqs, NULL, NULL, NULL FROM earlier
${isForGroups ? "UNION ALL SELECT ord, 'stale-roster', NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM outdated\n" : ''}UNION ALL SELECT ord, 'stale', NULL, NULL, NULL, NULL, NULL, client, version FROM stale`

const rosterSql = `), roster AS MATERIALIZED (
  SELECT g.id, g.version FROM groups g WHERE g.id = ANY ($17::uuid[]) ORDER BY g.id FOR NO KEY UPDATE
), outdated AS MATERIALIZED (
  SELECT r.ord FROM unnest($16::int[], $17::uuid[], $18::int[]) AS r(ord, id, version) LEFT JOIN roster USING (id)
  WHERE roster.version IS DISTINCT FROM r.version
`

const directStatement = { name: 'accept-messages', text: acceptSql(false) }
const groupStatement = { name: 'accept-group-messages', text: acceptSql(true) }

export async function acceptMessages(
  pool: Pick<Pool, 'query'>,
  { messageTtlMs, quota }: MessageStoreOptions,
  batch: readonly OutgoingMessage[],
): Promise<Acceptance[]> {
  const lists: { ord: number; clientId: string; version: number }[] = []
  const keys: { ord: number; deviceId: string; wrappedKey: Uint8Array }[] = []
  const groups: { ord: number; groupId: string; version: number }[] = []
  for (const [index, message] of batch.entries()) {
    const ord = index + 1
    for (const { clientId, version } of message.deviceLists) lists.push({ ord, clientId, version })
    for (const { deviceId, wrappedKey } of message.keys) keys.push({ ord, deviceId, wrappedKey })
    if (message.group !== undefined) groups.push({ ord, ...message.group })
  }
  const { rows } = await pool.query<AnswerRow>({
    ...(groups.length === 0 ? directStatement : groupStatement),
    types: asText,
    values: [
      uuidArray(batch.map(({ senderDeviceId }) => senderDeviceId)),
      uuidArray(batch.map(({ messageId }) => messageId)),
      byteaArray(batch.map(({ requestHash }) => requestHash)),
      byteaArray(batch.map(({ envelope }) => envelope)),
      messageTtlMs,
      int4Array(lists.map(({ ord }) => ord)),
      uuidArray(lists.map(({ clientId }) => clientId)),
      int4Array(lists.map(({ version }) => version)),
      int4Array(keys.map(({ ord }) => ord)),
      uuidArray(keys.map(({ deviceId }) => deviceId)),
      byteaArray(keys.map(({ wrappedKey }) => wrappedKey)),
      quota.messages,
      quota.bytes,
      batch[0]?.senderServer ?? 0,
      int4Array(batch.map(({ envelope }) => envelope.length)),
      ...(groups.length === 0 ? [] : rosterValues(groups)),
    ],
  })
  return readAcceptances(rows, batch)
}

function rosterValues(groups: readonly { ord: number; groupId: string; version: number }[]) {
  return [
    int4Array(groups.map(({ ord }) => ord)),
    uuidArray(groups.map(({ groupId }) => groupId)),
    int4Array(groups.map(({ version }) => version)),
  ]
}

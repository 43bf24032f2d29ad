import type { Sql } from './sql.ts'

export interface Outcomes {
  readonly delivered: number
  readonly expired: number
  readonly waiting: number
}

/** What has become of every copy that was ever accepted, told from the tables alone: how often each. */
export async function countOutcomes(sql: Sql): Promise<Outcomes> {
  const [counted] = await sql.rows<Outcomes>(
    `SELECT count(*) FILTER (WHERE o.state IS NULL AND m.acked_seq >= copy.seq)::int AS delivered,
      count(*) FILTER (WHERE o.state = 'EXPIRED')::int AS expired,
      count(*) FILTER (WHERE o.state IS NULL AND m.acked_seq < copy.seq)::int AS waiting
    FROM sent_messages s
    CROSS JOIN LATERAL unnest(s.recipient_device_ids, s.recipient_seqs) AS copy (device_id, seq)
    JOIN mailboxes m ON m.device_id = copy.device_id
    LEFT JOIN outcomes o ON o.sender_device_id = s.sender_device_id AND o.message_id = s.message_id
      AND o.recipient_device_id = copy.device_id`,
  )
  if (counted === undefined) throw new Error('unreachable: an aggregate has one row')
  return counted
}

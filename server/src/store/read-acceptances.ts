import pg from 'pg'
import type { Acceptance, AcceptedDelivery, OutgoingMessage } from './accept-messages.ts'

/** What there is to say of a message; of several, the one that stands first here. */
const answers = ['repeated', 'conflict', 'accepted', 'full', 'stale-roster', 'stale'] as const

/** A row that answers a message, as text. Which columns are there depends on the answer. */
export interface AnswerRow {
  readonly ord: string
  readonly answer: (typeof answers)[number]
  readonly accepted_at: string
  readonly expires_at: string
  readonly devices: string
  readonly seqs: string
  readonly servers: string | null
  readonly client: string
  readonly version: string
}

/** The driver's own parsing of dates and arrays is for any date and any array, and took a sixth of the time for a batch. */
export const asText = { getTypeParser: () => (text: string) => text }

const parseTime: (text: string) => Date = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)

/** One for each message, in their order. */
export function readAcceptances(
  rows: readonly AnswerRow[],
  batch: readonly OutgoingMessage[],
): Acceptance[] {
  const found = new Map<number, AnswerRow>()
  for (const row of rows) {
    const ord = Number(row.ord)
    const other = found.get(ord)
    if (other === undefined || answers.indexOf(row.answer) < answers.indexOf(other.answer))
      found.set(ord, row)
  }
  // All that a batch accepts is accepted at the same moment.
  const times = new Map<string, Date>()
  const readTime = (text: string): Date => {
    const time = times.get(text) ?? parseTime(text)
    times.set(text, time)
    return time
  }
  return batch.map((message, index) => toAcceptance(found.get(index + 1), message, readTime))
}

function toAcceptance(
  row: AnswerRow | undefined,
  message: OutgoingMessage,
  readTime: (text: string) => Date,
): Acceptance {
  switch (row?.answer) {
    case undefined:
      // A mailbox that vanished between the check and the lock: its device was revoked, so the list is stale.
      return { kind: 'stale', clientId: message.deviceLists[0]?.clientId ?? '', currentVersion: 0 }
    case 'stale':
      return { kind: 'stale', clientId: row.client, currentVersion: Number(row.version) }
    case 'stale-roster':
    case 'conflict':
      return { kind: row.answer }
    case 'full':
      return { kind: 'full', deviceIds: readArray(row.devices) }
    case 'accepted':
    case 'repeated':
      return {
        kind: 'accepted',
        repeated: row.answer === 'repeated',
        acceptedAt: readTime(row.accepted_at),
        expiresAt: readTime(row.expires_at),
        deliveries: readDeliveries(row),
      }
  }
}

function readDeliveries({ devices, seqs, servers }: AnswerRow): AcceptedDelivery[] {
  const seqOf = readArray(seqs)
  const serverOf = servers === null ? [] : readArray(servers)
  return readArray(devices).map((deviceId, index) => {
    const server = Number(serverOf[index] ?? -1)
    return {
      deviceId,
      seq: BigInt(seqOf[index] as string),
      attachedServer: server < 0 ? null : server,
    }
  })
}

/** Of UUIDs or numbers, which need no quotes; never empty and without NULL. */
const readArray = (text: string): string[] => text.slice(1, -1).split(',')

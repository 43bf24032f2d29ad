import type { Note } from './bus.ts'

/** What is told as text. Messages go as bytes, or not at all. */
export type TextNote = Exclude<Note, { kind: 'message' }>

// A note is a letter and its fields without separators where their length is known; notes are separated by spaces.
// A UUID takes 22 characters (base64url), so that one payload of PostgreSQL's 8,000 bytes carries some 330 doorbells.
const uuidLength = 22

export function encodeNote(note: TextNote): string {
  switch (note.kind) {
    case 'mailbox':
      return `m${pack(note.deviceId)}`
    case 'outcomes': {
      const state = note.state === 'DELIVERED' ? 'D' : 'E'
      const when = `${state}${note.at.toString(36)}:`
      return `e${pack(note.senderDeviceId)}${pack(note.deviceId)}${when}${note.messageIds.map(pack).join('')}`
    }
    case 'attachment':
      return `a${pack(note.deviceId)}${pack(note.attachmentId)}`
    case 'session-revoked':
      return `s${pack(note.sessionId)}`
    case 'devices':
      return `d${pack(note.clientId)}${note.version.toString(36)}:${note.username}`
    case 'group':
      return `g${pack(note.groupId)}${note.version.toString(36)}:${note.clientIds.map(pack).join('')}`
  }
}

/** Null for what this version does not know: a newer server may say more than an older one understands. */
export function decodeNote(text: string): TextNote | null {
  const id = (index: number) =>
    unpack(text.slice(1 + index * uuidLength, 1 + (index + 1) * uuidLength))
  const rest = (ids: number) => text.slice(1 + ids * uuidLength)
  const [first, second] = [id(0), id(1)]
  if (first === null) return null
  switch (text[0]) {
    case 'm':
      return { kind: 'mailbox', deviceId: first }
    case 'e': {
      const [, state, at, packed] = /^([DE])([0-9a-z]{1,10}):([A-Za-z0-9_-]*)$/.exec(rest(2)) ?? []
      if (second === null || at === undefined || packed === undefined) return null
      return {
        kind: 'outcomes',
        senderDeviceId: first,
        deviceId: second,
        messageIds: unpackAll(packed),
        state: state === 'D' ? 'DELIVERED' : 'EXPIRED',
        at: Number.parseInt(at, 36),
      }
    }
    case 'a':
      return second === null ? null : { kind: 'attachment', deviceId: first, attachmentId: second }
    case 's':
      return { kind: 'session-revoked', sessionId: first }
    case 'd': {
      const [, version, username] = /^([0-9a-z]{1,6}):([a-z0-9_.-]{3,32})$/.exec(rest(1)) ?? []
      if (version === undefined || username === undefined) return null
      return { kind: 'devices', clientId: first, username, version: Number.parseInt(version, 36) }
    }
    case 'g': {
      const [, version, packed] = /^([0-9a-z]{1,6}):([A-Za-z0-9_-]*)$/.exec(rest(1)) ?? []
      if (version === undefined || packed === undefined) return null
      const clientIds = unpackAll(packed)
      return { kind: 'group', groupId: first, version: Number.parseInt(version, 36), clientIds }
    }
    default:
      return null
  }
}

function pack(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
}

function unpack(packed: string): string | null {
  if (!/^[A-Za-z0-9_-]{22}$/.test(packed)) return null
  const hex = Buffer.from(packed, 'base64url').toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function unpackAll(packed: string): string[] {
  return (packed.match(/.{22}/g) ?? []).map(unpack).filter((id) => id !== null)
}

import { randomBytes, randomUUID } from 'node:crypto'
import type { Note } from '../bus/bus.ts'
import { changeGroup } from '../domain/groups/change-group.ts'
import { createGroup, type GroupDeps } from '../domain/groups/create-group.ts'
import { limits, rates } from '../domain/limits.ts'
import type { DeviceViewer } from '../domain/viewer.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { createStore } from '../store/store.ts'
import { createDevice, signRosterEntry, type TestDevice } from './device-lists.ts'
import { type EntryFields, encodeEntry } from './roster-entries.ts'

/** Somebody with an account, one device and its mailbox. Only the keys that sign are real. */
export interface GroupPerson {
  readonly username: string
  readonly clientId: string
  readonly deviceId: string
  readonly identityKey: Uint8Array<ArrayBuffer>
  readonly device: TestDevice
  readonly viewer: DeviceViewer
}

/** As much of a server as groups need. Several on one database are several servers. */
export function startGroupServer(url: string) {
  const database = openDatabase({ url, poolSize: 4, onError: () => {} })
  const told: { readonly serverId: number; readonly note: Note }[] = []
  const deps = {
    store: createStore(database, {
      messageTtlMs: 120_000,
      quota: { messages: limits.mailboxMessages, bytes: limits.mailboxBytes },
    }),
    rates: { ...rates, changeGroup: { burst: 100_000, perSecond: 100_000 } },
    deliveries: { notify: (serverId: number, note: Note) => void told.push({ serverId, note }) },
    log: { warn() {} },
  } as unknown as GroupDeps
  return {
    deps,
    database,
    /** What other servers were told so far. */
    told,
    create: (author: GroupPerson, entry: EntryFields) =>
      createGroup(deps, author.viewer, signed(author, entry)),
    change: (author: GroupPerson, entry: EntryFields) =>
      changeGroup(deps, author.viewer, signed(author, entry)),
    person: (name: string) => insertPerson(database, name),
    close: () => database.close(),
  }
}

export type GroupServer = ReturnType<typeof startGroupServer>

export function signed({ device }: GroupPerson, fields: EntryFields) {
  const entry = encodeEntry(fields)
  return { groupId: fields.group, entry, signature: signRosterEntry(device, entry) }
}

async function insertPerson({ pool }: Database, name: string): Promise<GroupPerson> {
  const device = createDevice()
  const [clientId, identityKey] = [randomUUID(), new Uint8Array(randomBytes(32))]
  // One database serves all tests of a file: each has an alice of its own.
  const username = `${name}.${clientId.slice(0, 8)}`
  await pool.query(
    `INSERT INTO clients (id, username, username_skeleton, identity_key, opaque_record, vault, vault_version, device_list, device_list_signature, device_list_version)
    VALUES ($1, $2, $2, $3, 'record', '\\x01', 1, '\\x01', $4, 1)`,
    [clientId, username, Buffer.from(identityKey), randomBytes(64)],
  )
  await pool.query(
    `INSERT INTO devices (id, client_id, name, encryption_key, signing_key, added_in) VALUES ($1, $2, 'laptop', $3, $4, 1)`,
    [device.id, clientId, randomBytes(422), Buffer.from(device.signing.publicKey)],
  )
  await pool.query('INSERT INTO mailboxes (device_id) VALUES ($1)', [device.id])
  const viewer = { sessionId: randomUUID(), clientId, username, deviceId: device.id }
  return { username, clientId, deviceId: device.id, identityKey, device, viewer }
}

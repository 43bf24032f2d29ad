import type { Client, Device } from '../generated/prisma/client.ts'
import type { Database } from './database.ts'
import {
  createDeviceChangeStore,
  type DeviceChangeStore,
  type NewDevice,
  type SignedList,
} from './device-changes.ts'
import { groupCommit } from './group-commit.ts'
import { insertSession, type NewSession } from './sessions.ts'
import { isUniqueViolation } from './unique-violation.ts'

export type Account = Client
export type AccountDevice = Device

export interface NewAccount {
  readonly id: string
  readonly username: string
  readonly usernameSkeleton: string
  readonly identityKey: Uint8Array<ArrayBuffer>
  readonly opaqueRecord: string
  readonly vault: Uint8Array<ArrayBuffer>
  readonly vaultVersion: number
  readonly list: SignedList
  readonly device: NewDevice
  readonly session: NewSession
}

export type AccountInsertion =
  | {
      readonly kind: 'inserted'
      readonly account: Account
      readonly device: AccountDevice
      readonly expiresAt: Date
    }
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'device-id-taken' }

export interface NamePage {
  readonly prefix: string
  /** The last name of the page before; null for the first page. */
  readonly after: string | null
  readonly limit: number
}

/** What the current devices of an account are, for sealing and sending to them. */
export interface CurrentDevices {
  readonly clientId: string
  readonly version: number
  /** Ascending. */
  readonly deviceIds: readonly string[]
}

export interface AccountStore extends DeviceChangeStore {
  findById(clientId: string): Promise<Account | null>
  findByUsername(username: string): Promise<Account | null>
  findByUsernames(usernames: readonly string[]): Promise<Account[]>
  /** Names that begin with the prefix, literally, in the order of their characters. */
  listByPrefix(page: NamePage): Promise<Account[]>
  /** True if the name, or one that looks like it, belongs to somebody. */
  isNameTaken(username: string, usernameSkeleton: string): Promise<boolean>
  insertAccount(account: NewAccount): Promise<AccountInsertion>
  findDevice(deviceId: string): Promise<AccountDevice | null>
  findCurrentDevices(username: string): Promise<CurrentDevices | null>
  /** Those of the accounts that have a device attached to a server that lives. */
  findOnline(clientIds: readonly string[]): Promise<Set<string>>
}

export function createAccountStore(database: Database): AccountStore {
  const { prisma } = database
  const isNameTaken = async (username: string, usernameSkeleton: string) =>
    (await prisma.client.count({ where: { OR: [{ username }, { usernameSkeleton }] } })) > 0

  return {
    ...createDeviceChangeStore(database),
    ...createPresenceReads(database),
    isNameTaken,
    findById: (id) => prisma.client.findUnique({ where: { id } }),
    findByUsername: (username) => prisma.client.findUnique({ where: { username } }),
    findByUsernames: (usernames) =>
      prisma.client.findMany({ where: { username: { in: [...usernames] } } }),
    findDevice: (id) => prisma.device.findUnique({ where: { id } }),

    async listByPrefix({ prefix, after, limit }) {
      // Prisma's startsWith is LIKE with its wildcards left alive, and "_" is a letter of a name: ^@ has none.
      const names = await database.pool.query<{ username: string }>(
        `SELECT username FROM clients WHERE username COLLATE "C" ^@ $1
         AND ($2::text IS NULL OR username COLLATE "C" > $2) ORDER BY username COLLATE "C" LIMIT $3`,
        [prefix, after, limit],
      )
      const rows = await prisma.client.findMany({
        where: { username: { in: names.rows.map(({ username }) => username) } },
      })
      return rows.sort((one, other) => (one.username < other.username ? -1 : 1))
    },

    async insertAccount({ list, device, session, ...account }) {
      try {
        return await prisma.$transaction(async (tx) => {
          const inserted = await tx.client.create({
            data: {
              ...account,
              deviceList: list.bytes,
              deviceListSignature: list.signature,
              deviceListVersion: list.version,
            },
          })
          const added = await tx.device.create({
            data: {
              ...device,
              clientId: account.id,
              addedIn: list.version,
              mailbox: { create: {} },
            },
          })
          const expiresAt = await insertSession(tx, {
            ...session,
            clientId: account.id,
            deviceId: device.id,
          })
          return { kind: 'inserted', account: inserted, device: added, expiresAt }
        })
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        return (await isNameTaken(account.username, account.usernameSkeleton))
          ? { kind: 'name-taken' }
          : { kind: 'device-id-taken' }
      }
    },
  }
}

function createPresenceReads({
  pool,
}: Database): Pick<AccountStore, 'findCurrentDevices' | 'findOnline'> {
  async function listCurrentDevices(usernames: readonly string[]) {
    const { rows } = await pool.query<CurrentDevices & { username: string }>({
      name: 'current-devices',
      text: `SELECT c.username, c.id AS "clientId", c.device_list_version AS version,
        ARRAY(SELECT d.id::text FROM devices d WHERE d.client_id = c.id AND d.revoked_in IS NULL ORDER BY d.id) AS "deviceIds"
      FROM clients c WHERE c.username = ANY ($1::text[])`,
      values: [usernames],
    })
    const found = new Map(rows.map(({ username, ...devices }) => [username, devices]))
    return usernames.map((username) => found.get(username) ?? null)
  }

  return {
    // A message to a group asks for hundreds at once.
    findCurrentDevices: groupCommit({ run: listCurrentDevices, maxItems: 512, concurrency: 4 }),

    async findOnline(clientIds) {
      // Attached before its server started: the mark of a process that died and came back within the heartbeat.
      const { rows } = await pool.query<{ client_id: string }>(
        `SELECT DISTINCT d.client_id FROM devices d
         JOIN mailboxes m ON m.device_id = d.id
         JOIN servers s ON s.id = m.attached_server
         WHERE d.client_id = ANY($1::uuid[]) AND d.revoked_in IS NULL AND m.attachment_id IS NOT NULL
           AND s.state <> 'DOWN' AND s.heartbeat_at > clock_timestamp() - interval '5 seconds'
           AND m.attached_at >= s.started_at`,
        [[...clientIds]],
      )
      return new Set(rows.map((row) => row.client_id))
    },
  }
}

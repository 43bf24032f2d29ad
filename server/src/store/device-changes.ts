import type { Client, Device } from '../generated/prisma/client.ts'
import type { Database } from './database.ts'
import { isUniqueViolation } from './unique-violation.ts'

export interface NewDevice {
  readonly id: string
  readonly name: string
  readonly encryptionKey: Uint8Array<ArrayBuffer>
  readonly signingKey: Uint8Array<ArrayBuffer>
}

export interface SignedList {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
  readonly version: number
}

interface Change {
  readonly clientId: string
  /** Written only if the list that is kept is one version older. */
  readonly list: SignedList
}

export type DeviceAddition =
  | { readonly kind: 'added'; readonly account: Client; readonly device: Device }
  | { readonly kind: 'list-changed' }
  | { readonly kind: 'device-id-taken' }
  | { readonly kind: 'session-ended' }

export type DeviceRevocation =
  | {
      readonly kind: 'revoked'
      readonly account: Client
      readonly endedSessionIds: readonly string[]
    }
  | { readonly kind: 'list-changed' }

export interface DeviceChangeStore {
  /** Adds a device with its mailbox, and binds the session that asked to it. */
  addDevice(
    change: Change & { readonly device: NewDevice; readonly sessionId: string },
  ): Promise<DeviceAddition>
  /** Ends a device, its sessions and its mailbox. The row stays, so that the id is never used again. */
  revokeDevice(change: Change & { readonly deviceId: string }): Promise<DeviceRevocation>
}

export function createDeviceChangeStore({ prisma }: Database): DeviceChangeStore {
  return {
    async addDevice({ clientId, list, device, sessionId }) {
      try {
        return await prisma.$transaction(async (tx) => {
          const unbound = await tx.$queryRaw<unknown[]>`SELECT 1 FROM sessions
            WHERE id = ${sessionId}::uuid AND client_id = ${clientId}::uuid
              AND device_id IS NULL AND revoked_at IS NULL FOR UPDATE`
          if (unbound.length === 0) return { kind: 'session-ended' }
          const account = await replaceList(tx, clientId, list)
          if (account === undefined) return { kind: 'list-changed' }
          const added = await tx.device.create({
            data: { ...device, clientId, addedIn: list.version, mailbox: { create: {} } },
          })
          await tx.session.update({ where: { id: sessionId }, data: { deviceId: device.id } })
          return { kind: 'added', account, device: added }
        })
      } catch (error) {
        if (isUniqueViolation(error)) return { kind: 'device-id-taken' }
        throw error
      }
    },

    revokeDevice: ({ clientId, list, deviceId }) =>
      prisma.$transaction(async (tx) => {
        const account = await replaceList(tx, clientId, list)
        if (account === undefined) return { kind: 'list-changed' }
        await tx.$executeRaw`UPDATE devices SET revoked_in = ${list.version}, revoked_at = clock_timestamp()
          WHERE id = ${deviceId}::uuid AND client_id = ${clientId}::uuid`
        const ended = await tx.$queryRaw<{ id: string }[]>`UPDATE sessions
          SET revoked_at = clock_timestamp()
          WHERE device_id = ${deviceId}::uuid AND revoked_at IS NULL RETURNING id`
        await tx.mailbox.deleteMany({ where: { deviceId } })
        return { kind: 'revoked', account, endedSessionIds: ended.map(({ id }) => id) }
      }),
  }
}

type Transaction = Parameters<Parameters<Database['prisma']['$transaction']>[0]>[0]

async function replaceList(
  tx: Transaction,
  clientId: string,
  list: SignedList,
): Promise<Client | undefined> {
  const [account] = await tx.client.updateManyAndReturn({
    where: { id: clientId, deviceListVersion: list.version - 1 },
    data: {
      deviceList: list.bytes,
      deviceListSignature: list.signature,
      deviceListVersion: list.version,
    },
  })
  return account
}

import type { Deps } from '../domain/deps.ts'
import { createPresence, type Presence } from '../domain/directory/presence.ts'
import { limits } from '../domain/limits.ts'
import { builder } from './builder.ts'
import { DeviceRef } from './device.ts'

const presences = new WeakMap<Deps['store'], Presence>()

function presenceOf({ store }: Deps): Presence {
  const presence = presences.get(store) ?? createPresence(store)
  presences.set(store, presence)
  return presence
}

export const AccountRef = builder.prismaNode('Client', {
  name: 'Account',
  id: { field: 'id', description: 'Opaque: for node(id:).' },
  nullable: true,
  description: 'Somebody who can be written to.',
  fields: (t) => ({
    username: t.exposeString('username', {
      description: 'The name, in lower case: 3 to 32 of a-z 0-9 _ . -',
    }),
    identityKey: t.expose('identityKey', {
      type: 'Bytes',
      description:
        'Ed25519 public key, 32 bytes. Never changes; compare it through the safety number.',
    }),
    deviceList: t.expose('deviceList', {
      type: 'Bytes',
      description: `The versioned list of devices as canonical CBOR, at most ${limits.deviceListBytes} bytes. Verify it before use.`,
    }),
    deviceListSignature: t.expose('deviceListSignature', {
      type: 'Bytes',
      description: 'Ed25519 signature of the device list by the identity key, 64 bytes.',
    }),
    deviceListVersion: t.exposeInt('deviceListVersion', {
      description: 'The version of the device list; one higher with every change.',
    }),
    devices: t.relation('devices', {
      type: DeviceRef,
      description: `The current devices, at most ${limits.devicesPerAccount}, by id.`,
      complexity: { field: 1, multiplier: 4 },
      query: { where: { revokedIn: null }, orderBy: { id: 'asc' } },
    }),
    online: t.boolean({
      description: 'True while one of the devices is attached to a server.',
      select: { id: true },
      resolve: ({ id }, _args, { deps }) => presenceOf(deps).isOnline(id),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the account was made.',
    }),
  }),
})

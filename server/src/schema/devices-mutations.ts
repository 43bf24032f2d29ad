import { ConflictError, ForbiddenError, PayloadTooLargeError } from '../domain/errors.ts'
import { registerDevice } from '../domain/identity/register-device.ts'
import { revokeDevice } from '../domain/identity/revoke-device.ts'
import { limits } from '../domain/limits.ts'
import type { Account, AccountDevice } from '../store/accounts.ts'
import { AccountRef } from './account.ts'
import { bytesUpTo, signature, uuidText } from './bounds.ts'
import { builder } from './builder.ts'
import { DeviceRef } from './device.ts'

const RegisterDeviceInput = builder.inputType('RegisterDeviceInput', {
  description: 'The device list with one device more.',
  fields: (t) => ({
    deviceList: t.field({
      type: 'Bytes',
      required: true,
      description: `The next version of the list: this device added, nothing else changed. At most ${limits.devicesPerAccount} devices, ${limits.deviceListBytes} bytes.`,
      validate: bytesUpTo(limits.deviceListBytes),
    }),
    deviceListSignature: t.field({
      type: 'Bytes',
      required: true,
      description: 'Ed25519 signature of the list by the identity key, 64 bytes.',
      validate: signature,
    }),
    deviceId: t.id({
      required: true,
      description: 'The id of the new device in the list: a UUID in lower case, never used before.',
      validate: uuidText,
    }),
    deviceProof: t.field({
      type: 'Bytes',
      required: true,
      description: 'Ed25519 signature "fastchat/register-device/v1" by the new device, 64 bytes.',
      validate: signature,
    }),
  }),
})

const RevokeDeviceInput = builder.inputType('RevokeDeviceInput', {
  description: 'The device list with one device less.',
  fields: (t) => ({
    deviceList: t.field({
      type: 'Bytes',
      required: true,
      description: `The next version of the list: this device left out, nothing else changed. At most ${limits.deviceListBytes} bytes.`,
      validate: bytesUpTo(limits.deviceListBytes),
    }),
    deviceListSignature: t.field({
      type: 'Bytes',
      required: true,
      description: 'Ed25519 signature of the list by the identity key, 64 bytes.',
      validate: signature,
    }),
    deviceId: t.id({
      required: true,
      description: 'The device to revoke: a UUID in lower case. It may be the own one.',
      validate: uuidText,
    }),
  }),
})

const RegisterDevicePayload = builder
  .objectRef<{ readonly account: Account; readonly device: AccountDevice }>('RegisterDevicePayload')
  .implement({
    description: 'The device is registered, has a mailbox, and the session is bound to it.',
    fields: (t) => ({
      device: t.field({
        type: DeviceRef,
        description: 'The new device.',
        resolve: ({ device }) => device,
      }),
      account: t.field({
        type: AccountRef,
        description: 'The account with its new device list.',
        resolve: ({ account }) => account,
      }),
    }),
  })

const RevokeDevicePayload = builder
  .objectRef<{ readonly account: Account }>('RevokeDevicePayload')
  .implement({
    description: 'The device is revoked for good: its sessions have ended and its mailbox is gone.',
    fields: (t) => ({
      account: t.field({
        type: AccountRef,
        description: 'The account with its new device list.',
        resolve: ({ account }) => account,
      }),
    }),
  })

builder.mutationField('registerDevice', (t) =>
  t.withAuth({ signedIn: true }).field({
    type: RegisterDevicePayload,
    description:
      'Registers the device of a session that has none. Connect again to receive messages.',
    errors: { types: [ConflictError, ForbiddenError, PayloadTooLargeError] },
    args: {
      input: t.arg({ type: RegisterDeviceInput, required: true, description: 'List and proof.' }),
    },
    resolve: (_root, { input }, { deps, viewer }) => registerDevice(deps, viewer, input),
  }),
)

builder.mutationField('revokeDevice', (t) =>
  t.withAuth({ device: true }).field({
    type: RevokeDevicePayload,
    description: 'Revokes a device of the own account: a lost one, or this one.',
    errors: { types: [ConflictError, PayloadTooLargeError] },
    args: {
      input: t.arg({ type: RevokeDeviceInput, required: true, description: 'List and device.' }),
    },
    resolve: (_root, { input }, { deps, viewer }) => revokeDevice(deps, viewer, input),
  }),
)

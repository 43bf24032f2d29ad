import { z } from 'zod'
import { listOutcomes } from '../domain/delivery/list-outcomes.ts'
import { type SentMessage, sendMessage } from '../domain/delivery/send-message.ts'
import {
  ConflictError,
  MailboxFullError,
  NotFoundError,
  PayloadTooLargeError,
  RateLimitedError,
  StaleDeviceListError,
  StaleRosterError,
} from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { DeliveryState, MessageOutcome } from '../store/messages.ts'
import { uuidText, versionNumber } from './bounds.ts'
import { builder } from './builder.ts'

export const DeliveryStateRef = builder.enumType('DeliveryState', {
  description:
    'Where a message for one device stands. Each accepted one ends as DELIVERED or EXPIRED, never both.',
  values: {
    STORED: { description: 'Durable, and waiting for the device.' },
    DELIVERED: { description: 'The device has it and said so.' },
    EXPIRED: { description: 'The device did not fetch it in time. It is gone.' },
    MAILBOX_FULL: { description: 'The mailbox had no room. It was not stored for this device.' },
  },
})

const DeliveryRef = builder
  .objectRef<{ readonly deviceId: string; readonly state: DeliveryState }>('Delivery')
  .implement({
    description: 'One message on its way to one device.',
    fields: (t) => ({
      deviceId: t.exposeID('deviceId', { description: 'The recipient device.' }),
      state: t.expose('state', { type: DeliveryStateRef, description: 'Where it stands.' }),
    }),
  })

const DeliveryOutcomeRef = builder.objectRef<MessageOutcome>('DeliveryOutcome').implement({
  description: 'What became of a message you sent.',
  fields: (t) => ({
    clientMessageId: t.exposeID('messageId', { description: 'The id you gave it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When what is still STORED is gone.',
    }),
    deliveries: t.field({
      type: [DeliveryRef],
      description: 'One for each device it was sealed for.',
      resolve: (outcome) => outcome.deliveries,
    }),
  }),
})

const SendMessagePayload = builder.objectRef<SentMessage>('SendMessagePayload').implement({
  description:
    'The message is durable: it survives the loss of any server and of the database process.',
  fields: (t) => ({
    clientMessageId: t.exposeID('clientMessageId', { description: 'The id you gave it.' }),
    acceptedAt: t.expose('acceptedAt', { type: 'DateTime', description: 'When it was stored.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When what nobody fetched is gone.',
    }),
    serverTime: t.expose('serverTime', {
      type: 'DateTime',
      description: 'Now, by the clock that decides: count down from here, not by your own.',
    }),
    deliveries: t.field({
      type: [DeliveryRef],
      description: 'One for each device it was sealed for.',
      resolve: (sent) => sent.deliveries,
    }),
  }),
})

const uuid = z.uuid({ message: 'expected a UUID' }).transform((value) => value.toLowerCase())

const WrappedKeyInput = builder.inputType('WrappedKeyInput', {
  description: 'The message key for one device.',
  fields: (t) => ({
    deviceId: t.id({
      required: true,
      description: 'The recipient device, a UUID.',
      validate: uuid,
    }),
    wrappedKey: t.field({
      type: 'Bytes',
      required: true,
      description: `Opaque to the server: the message key wrapped for the device. At most ${limits.wrappedKeyBytes} bytes.`,
    }),
  }),
})

const AddresseeInput = builder.inputType('AddresseeInput', {
  description: 'An account the message is sealed for. Your own name stands for your other devices.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: 'The account.',
      validate: z.string().min(3).max(32).toLowerCase(),
    }),
    deviceListVersion: t.int({
      required: true,
      description: 'The version of its device list that you sealed for.',
      validate: z.int().positive(),
    }),
    keys: t.field({
      type: [WrappedKeyInput],
      required: true,
      description: 'One for each device on that list, except the sending one.',
      validate: z.array(z.any()).max(limits.recipientDevices),
    }),
  }),
})

const GroupInput = builder.inputType('GroupInput', {
  description: 'The group a message is for. All for whom it is sealed are members of it.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: 'The group, a UUID.', validate: uuid }),
    rosterVersion: t.int({
      required: true,
      description:
        'The version of its roster that you sealed for. A newer one refuses the message as stale.',
      validate: versionNumber,
    }),
  }),
})

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'One encrypted message.',
  fields: (t) => ({
    clientMessageId: t.id({
      required: true,
      description:
        'A UUID of your making. Sending again with the same id is safe for 15 minutes and answers as the first time.',
      validate: uuid,
    }),
    envelope: t.field({
      type: 'Bytes',
      required: true,
      description: `Opaque to the server: the sealed message. At most ${limits.envelopeBytes} bytes.`,
    }),
    to: t.field({
      type: [AddresseeInput],
      required: true,
      description: `The accounts it is sealed for, at most ${limits.addressees}, with at most ${limits.recipientDevices} devices together.`,
      validate: z.array(z.any()).min(1).max(limits.addressees),
    }),
    group: t.field({
      type: GroupInput,
      description: 'The group it is for. Leave out for a message to one person.',
    }),
    fileId: t.id({
      description:
        'The file it brings: a complete upload of this device that was not sent yet. It expires with the message.',
      validate: uuidText,
    }),
  }),
})

builder.mutationField('sendMessage', (t) =>
  t.withAuth({ device: true }).field({
    type: SendMessagePayload,
    description:
      'Stores one encrypted message for every device it is sealed for. Answers after the commit.',
    errors: {
      types: [
        NotFoundError,
        ConflictError,
        StaleDeviceListError,
        StaleRosterError,
        MailboxFullError,
        PayloadTooLargeError,
        RateLimitedError,
      ],
    },
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'The message.' }) },
    resolve: (_root, { input }, { deps, viewer }) => sendMessage(deps, viewer, input),
  }),
)

builder.queryField('outcomes', (t) =>
  t.withAuth({ device: true }).field({
    type: [DeliveryOutcomeRef],
    description:
      'What became of messages that this device sent in the last 15 minutes. What is still open is pushed to the inbox when it ends.',
    args: {
      clientMessageIds: t.arg.idList({
        required: true,
        description: `The ids you gave them, at most ${limits.pageSize}. Those you did not send are left out.`,
        validate: z.array(uuid).min(1).max(limits.pageSize),
      }),
    },
    resolve: (_root, { clientMessageIds }, { deps, viewer }) =>
      listOutcomes(deps, viewer, clientMessageIds),
  }),
)

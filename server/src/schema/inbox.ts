import { z } from 'zod'
import { acknowledge } from '../domain/delivery/acknowledge.ts'
import { type AttachedMailbox, attachMailbox } from '../domain/delivery/attach-mailbox.ts'
import type { FeedEnd } from '../domain/delivery/feed.ts'
import type { InboxBatch, InboxEvent } from '../domain/delivery/inbox-event.ts'
import { openInbox } from '../domain/delivery/open-inbox.ts'
import { readInbox } from '../domain/delivery/read-inbox.ts'
import { ForbiddenError, RateLimitedError, StaleAttachmentError } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { DeviceViewer } from '../domain/viewer.ts'
import { builder, type Context } from './builder.ts'
import { DeliveryStateRef } from './delivery.ts'

type EventOf<Kind extends InboxEvent['kind']> = Extract<InboxEvent, { kind: Kind }>

const MessageArrived = builder.objectRef<EventOf<'message'>>('MessageArrived').implement({
  description: 'A message for this device. Store it, then acknowledge its cursor.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Its place in this mailbox.',
      resolve: ({ message }) => message.seq,
    }),
    clientMessageId: t.id({
      description:
        "The sender's id for it, unique for the sending device. Not proof of anything: the envelope is.",
      resolve: ({ message }) => message.messageId,
    }),
    senderDeviceId: t.id({
      description:
        'The device that sent it, as the server saw it. Not proof of anything: the envelope is.',
      resolve: ({ message }) => message.senderDeviceId,
    }),
    envelope: t.field({
      type: 'Bytes',
      description: 'Opaque to the server: the sealed message.',
      resolve: ({ message }) => message.envelope,
    }),
    wrappedKey: t.field({
      type: 'Bytes',
      description: 'Opaque to the server: the message key, wrapped for this device.',
      resolve: ({ message }) => message.wrappedKey,
    }),
    acceptedAt: t.field({
      type: 'DateTime',
      description: 'When it was stored.',
      resolve: ({ message }) => message.acceptedAt,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it is gone unless acknowledged. It is never handed out after.',
      resolve: ({ message }) => message.expiresAt,
    }),
  }),
})

const DeliveryChanged = builder.objectRef<EventOf<'delivery'>>('DeliveryChanged').implement({
  description: 'A message that this device sent has reached a device, or has expired. Final.',
  fields: (t) => ({
    clientMessageId: t.exposeID('messageId', { description: 'The id you gave it.' }),
    deviceId: t.exposeID('deviceId', { description: 'The recipient device.' }),
    state: t.expose('state', { type: DeliveryStateRef, description: 'DELIVERED or EXPIRED.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When that was.' }),
  }),
})

const DevicesChanged = builder.objectRef<EventOf<'devices'>>('DevicesChanged').implement({
  description:
    'The device list of your account has a new version. Fetch and verify it; say so to the person.',
  fields: (t) => ({
    username: t.exposeString('username', { description: 'Your account.' }),
    version: t.exposeInt('version', { description: 'The version now.' }),
  }),
})

const GroupChanged = builder.objectRef<EventOf<'group'>>('GroupChanged').implement({
  description:
    'A group you are in, or were taken out of, has a new roster. A hint: fetch and verify its entries.',
  fields: (t) => ({
    groupId: t.exposeID('groupId', { description: 'The group, a UUID.' }),
    version: t.exposeInt('version', { description: 'The version now.' }),
  }),
})

const ServerDraining = builder.objectRef<EventOf<'draining'>>('ServerDraining').implement({
  description: 'This server is going away. Attach to another one; nothing is lost.',
  fields: (t) => ({
    retryAfterMs: t.exposeInt('retryAfterMs', {
      description:
        'Milliseconds within which to move: pick a moment at random, so that not all move at once.',
    }),
  }),
})

const members = {
  message: MessageArrived,
  delivery: DeliveryChanged,
  devices: DevicesChanged,
  group: GroupChanged,
  draining: ServerDraining,
} as const

const InboxEventRef = builder.unionType('InboxEvent', {
  description: 'What a device is told. Members may be added: ignore those you do not know.',
  types: Object.values(members),
  resolveType: (event) => members[event.kind],
})

const InboxBatchRef = builder.objectRef<InboxBatch>('InboxBatch').implement({
  description: 'Events in the order in which they are to be taken.',
  fields: (t) => ({
    events: t.field({
      type: [InboxEventRef],
      description: 'One or more; as many as had come together.',
      complexity: { field: 1, multiplier: 1 },
      resolve: (batch) => batch.events,
    }),
    serverTime: t.expose('serverTime', {
      type: 'DateTime',
      description: 'Now, by the clock that decides what has expired.',
    }),
  }),
})

const AttachChallengeRef = builder
  .objectRef<{ readonly challenge: Uint8Array; readonly expiresAt: Date }>('AttachChallenge')
  .implement({
    description: 'A nonce for one attachment at this server.',
    fields: (t) => ({
      challenge: t.expose('challenge', { type: 'Bytes', description: 'What to sign.' }),
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        description: 'When it is no longer good.',
      }),
    }),
  })

const AttachMailboxPayload = builder.objectRef<AttachedMailbox>('AttachMailboxPayload').implement({
  description: 'You are the one reader of this mailbox now.',
  fields: (t) => ({
    attachmentId: t.exposeID('attachmentId', {
      description: 'Names this attachment. A newer one makes it stale.',
    }),
    resumeAfter: t.expose('resumeAfter', {
      type: 'Cursor',
      description:
        'Delivery goes on after this. It is your cursor, or later; if it is earlier, the service has lost data and says so by this.',
    }),
    latest: t.expose('latest', {
      type: 'Cursor',
      description: 'The newest message in the mailbox.',
    }),
    expiredWhileAway: t.exposeInt('expiredWhileAway', {
      description: 'Messages between the two that expired before you came.',
    }),
    serverTime: t.expose('serverTime', {
      type: 'DateTime',
      description: 'Now, by the clock that decides what has expired.',
    }),
  }),
})

const AttachMailboxInput = builder.inputType('AttachMailboxInput', {
  description: 'Proof that this is the device, and where it left off.',
  fields: (t) => ({
    challenge: t.field({
      type: 'Bytes',
      required: true,
      description: 'From connection_ack, or from the query attachChallenge. Good once.',
    }),
    signature: t.field({
      type: 'Bytes',
      required: true,
      description:
        'Ed25519 by the device key over label, server, device and challenge: see docs/protocol.md.',
    }),
    after: t.field({
      type: 'Cursor',
      description:
        'The cursor of the last message you have stored. It is acknowledged by this. Leave out at first.',
    }),
  }),
})

const AcknowledgePayload = builder
  .objectRef<{ readonly ackedUpTo: bigint }>('AcknowledgePayload')
  .implement({
    description: 'These messages are dead here, and their senders are told.',
    fields: (t) => ({
      ackedUpTo: t.expose('ackedUpTo', {
        type: 'Cursor',
        description: 'Everything up to here is acknowledged.',
      }),
    }),
  })

const attachmentId = z.uuid({ message: 'expected the UUID that attachMailbox answered with' })

const AcknowledgeInput = builder.inputType('AcknowledgeInput', {
  description: 'What this device has stored.',
  fields: (t) => ({
    attachmentId: t.id({ required: true, description: 'The attachment.', validate: attachmentId }),
    upTo: t.field({
      type: 'Cursor',
      required: true,
      description: 'The cursor of the last message you have stored. Covers all before it.',
    }),
  }),
})

builder.queryField('attachChallenge', (t) =>
  t.withAuth({ device: true }).field({
    type: AttachChallengeRef,
    description:
      'A nonce to sign for attachMailbox. A socket gets one in connection_ack; scripts over HTTP ask here.',
    resolve: (_root, _args, { deps, viewer }) => deps.deliveries.challenges.issue(viewer),
  }),
)

builder.mutationField('attachMailbox', (t) =>
  t.withAuth({ device: true }).field({
    type: AttachMailboxPayload,
    description:
      'Makes this device the one reader of its mailbox, on this server. A token alone is not enough: it takes the device key.',
    errors: { types: [ForbiddenError, RateLimitedError] },
    args: { input: t.arg({ type: AttachMailboxInput, required: true, description: 'The proof.' }) },
    resolve: (_root, { input }, { deps, viewer }) =>
      attachMailbox(deps, viewer, { ...input, after: input.after ?? null }),
  }),
)

builder.mutationField('acknowledge', (t) =>
  t.withAuth({ device: true }).field({
    type: AcknowledgePayload,
    description:
      'Says that everything up to a cursor is in your own storage. Never acknowledge what you have not stored.',
    errors: { types: [StaleAttachmentError] },
    args: {
      input: t.arg({ type: AcknowledgeInput, required: true, description: 'What you have.' }),
    },
    resolve: async (_root, { input }, { deps, viewer }) => ({
      ackedUpTo: await acknowledge(deps, viewer, input),
    }),
  }),
)

builder.queryField('inbox', (t) =>
  t.withAuth({ device: true }).field({
    type: InboxBatchRef,
    description:
      'The twin of the subscription: the same messages, asked for. Losing a push never loses a message.',
    args: {
      attachmentId: t.arg.id({
        required: true,
        description: 'The attachment.',
        validate: attachmentId,
      }),
      after: t.arg({
        type: 'Cursor',
        description: 'Read after this; by default after the last acknowledged one.',
      }),
      first: t.arg.int({
        description: `At most this many, up to ${limits.pageSize}; by default ${limits.unackedWindow}.`,
        validate: z.int().min(1).max(limits.pageSize),
      }),
    },
    resolve: (_root, args, { deps, viewer }) =>
      readInbox(deps, viewer, {
        attachmentId: args.attachmentId,
        after: args.after ?? null,
        first: args.first ?? null,
      }),
  }),
)

/** Close codes of the socket, for the ends a client must act on. */
const closeCodes: Partial<Record<FeedEnd, readonly [code: number, reason: string]>> = {
  replaced: [4410, 'Replaced by a newer attachment'],
}

/** What the subscription runs on, whoever executes it. */
export function openInboxOn(
  { deps, socket }: Context,
  viewer: DeviceViewer,
  id: string,
): Promise<AsyncIterableIterator<InboxBatch>> {
  return openInbox(deps, viewer, id, (reason) => {
    const close = closeCodes[reason]
    if (close !== undefined) socket?.close(...close)
  })
}

builder.subscriptionField('inbox', (t) =>
  t.withAuth({ device: true }).field({
    type: InboxBatchRef,
    description: `Messages for this device, and what became of those it sent. At most ${limits.unackedWindow} messages are out unacknowledged.`,
    args: {
      attachmentId: t.arg.id({
        required: true,
        description: 'The attachment.',
        validate: attachmentId,
      }),
    },
    subscribe: (_root, args, context) => openInboxOn(context, context.viewer, args.attachmentId),
    resolve: (batch) => batch,
  }),
)

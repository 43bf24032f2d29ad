import { limits } from '../domain/limits.ts'
import { builder } from './builder.ts'

const LimitsRef = builder.objectRef<typeof limits>('Limits').implement({
  description: 'What a request may hold. More is declined, never cut.',
  fields: (t) => ({
    envelopeBytes: t.exposeInt('envelopeBytes', { description: 'Bytes of one envelope.' }),
    wrappedKeyBytes: t.exposeInt('wrappedKeyBytes', { description: 'Bytes of one wrapped key.' }),
    recipientDevices: t.exposeInt('recipientDevices', {
      description: 'Devices one message can go to.',
    }),
    addressees: t.exposeInt('addressees', { description: 'Accounts one message can go to.' }),
    groupMembers: t.exposeInt('groupMembers', { description: 'Members of one group.' }),
    groupSubjects: t.exposeInt('groupSubjects', {
      description: 'Members that one change of a group can add.',
    }),
    groupsPerAccount: t.exposeInt('groupsPerAccount', {
      description: 'Groups that one account can be in.',
    }),
    devicesPerAccount: t.exposeInt('devicesPerAccount', { description: 'Devices of one account.' }),
    mailboxMessages: t.exposeInt('mailboxMessages', {
      description: 'Messages that can wait for one device.',
    }),
    mailboxBytes: t.exposeInt('mailboxBytes', {
      description: 'Bytes of messages that can wait for one device.',
    }),
    unackedWindow: t.exposeInt('unackedWindow', {
      description: 'Messages pushed to a device before it has to acknowledge.',
    }),
    fileBytes: t.exposeInt('fileBytes', { description: 'Bytes of one sealed file.' }),
    fileChunkBytes: t.exposeInt('fileChunkBytes', {
      description: 'Bytes of one sealed chunk of a file; only the last may have fewer.',
    }),
    requestBytes: t.exposeInt('requestBytes', {
      description: 'Bytes of one request, over HTTP or in one frame.',
    }),
    socketSubscriptions: t.exposeInt('socketSubscriptions', {
      description: 'Subscriptions at a time on one socket.',
    }),
    socketOperations: t.exposeInt('socketOperations', {
      description: 'Queries and mutations at a time on one socket.',
    }),
  }),
})

const ServiceRef = builder
  .objectRef<{ version: string; messageTtlMs: number; serverId: number; serverTime: Date }>(
    'Service',
  )
  .implement({
    description: 'About this service.',
    fields: (t) => ({
      version: t.exposeString('version', { description: 'The version of FastChat that answers.' }),
      serverId: t.exposeInt('serverId', {
        description: 'The server that answers; 0 is the balancer.',
      }),
      messageTtlMs: t.exposeInt('messageTtlMs', {
        description: 'Milliseconds after which a message that nobody fetched is gone.',
      }),
      serverTime: t.expose('serverTime', {
        type: 'DateTime',
        description: 'The time now: compare it with your own clock before you show a countdown.',
      }),
      limits: t.field({
        type: LimitsRef,
        description: 'What a request may hold.',
        resolve: () => limits,
      }),
    }),
  })

builder.queryField('service', (t) =>
  t.field({
    type: ServiceRef,
    description: 'About this service. Needs no sign-in.',
    resolve: (_query, _args, { deps: { server, deliveries } }) => ({
      version: server.version,
      messageTtlMs: server.messageTtlMs,
      serverId: server.id,
      serverTime: new Date(deliveries.now()),
    }),
  }),
)

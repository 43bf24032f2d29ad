import { z } from 'zod'
import { ConflictError, NotFoundError } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import { drainServer, resumeServer } from '../domain/operations/drain-server.ts'
import type { ServerOperations } from '../domain/operations/operations.ts'
import { revealRecipient } from '../domain/operations/reveal-recipient.ts'
import type { AuditEntry } from '../store/operator-audit.ts'
import { printableUpTo } from './bounds.ts'
import { builder } from './builder.ts'
import { ServerOperationsRef } from './operations-servers.ts'
import { operatorsOnly } from './operator-type.ts'

const AuditAction = builder.enumType('AuditAction', {
  description: 'What an operator did. Clients must tolerate new members.',
  values: {
    ADDED: { description: 'Was made, on the command line.' },
    RESET: { description: 'Got a new password, on the command line.' },
    REMOVED: { description: 'Was removed, on the command line.' },
    SIGNED_IN: { description: 'Signed in.' },
    SIGNED_OUT: { description: 'Signed out.' },
    DRAINED: { description: 'Drained a server.' },
    RESUMED: { description: 'Resumed a server.' },
    REVEALED: { description: 'Had the name of a recipient told.' },
  },
})

export const AuditEntryRef = builder.objectRef<AuditEntry>('AuditEntry').implement({
  ...operatorsOnly,
  description: 'Something that an operator did. Kept for good.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    operator: t.exposeString('operator', { description: 'Who.' }),
    action: t.expose('action', { type: AuditAction, description: 'What.' }),
    serverId: t.exposeInt('serverId', { nullable: true, description: 'To which server.' }),
    recipient: t.exposeID('recipient', {
      nullable: true,
      description: 'The pseudonym whose name was told. The name is not kept.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, if it was said.' }),
  }),
})

const serverId = z.int().min(1, 'at least 1').max(999_999, 'at most 999999')

const serverPayload = (name: string, description: string) =>
  builder.objectRef<{ readonly server: ServerOperations }>(name).implement({
    ...operatorsOnly,
    description,
    fields: (t) => ({
      server: t.expose('server', { type: ServerOperationsRef, description: 'The server now.' }),
    }),
  })

const DrainServerPayload = serverPayload(
  'DrainServerPayload',
  'The server is told within a second. Nothing is lost: its clients attach elsewhere.',
)
const ResumeServerPayload = serverPayload(
  'ResumeServerPayload',
  'The server takes clients again, within a second.',
)

const RevealRecipientPayload = builder
  .objectRef<{ readonly recipient: string; readonly username: string }>('RevealRecipientPayload')
  .implement({
    ...operatorsOnly,
    description: 'The name behind a pseudonym.',
    fields: (t) => ({
      recipient: t.exposeID('recipient', { description: 'The pseudonym.' }),
      username: t.exposeString('username', { description: 'The name.' }),
    }),
  })

const DrainServerInput = builder.inputType('DrainServerInput', {
  description: 'Which server is to be drained.',
  fields: (t) => ({
    serverId: t.int({ required: true, description: 'Its number.', validate: serverId }),
    reason: t.string({
      description: `Why, for the audit: at most ${limits.drainReasonChars} characters.`,
      validate: printableUpTo(limits.drainReasonChars),
    }),
  }),
})

const ResumeServerInput = builder.inputType('ResumeServerInput', {
  description: 'Which server is to take clients again.',
  fields: (t) => ({
    serverId: t.int({ required: true, description: 'Its number.', validate: serverId }),
  }),
})

const RevealRecipientInput = builder.inputType('RevealRecipientInput', {
  description: 'Whose name is wanted.',
  fields: (t) => ({
    recipient: t.id({
      required: true,
      description: 'The pseudonym, from waiting.recipients.',
      validate: z.string().regex(/^[\w-]{12}$/, 'a recipient as it is listed'),
    }),
  }),
})

builder.mutationField('drainServer', (t) =>
  t.withAuth({ operator: true }).field({
    type: DrainServerPayload,
    description:
      'Sends the clients of a server elsewhere and takes it out of the balancer. It stays up until it is resumed or stopped. Noted in the audit.',
    errors: { types: [NotFoundError, ConflictError] },
    args: { input: t.arg({ type: DrainServerInput, required: true, description: 'The server.' }) },
    resolve: async (_root, { input }, { deps, operator }) => ({
      server: await drainServer(deps, operator, { ...input, reason: input.reason ?? null }),
    }),
  }),
)

builder.mutationField('resumeServer', (t) =>
  t.withAuth({ operator: true }).field({
    type: ResumeServerPayload,
    description: 'Lets a drained server take clients again. Noted in the audit.',
    errors: { types: [NotFoundError] },
    args: { input: t.arg({ type: ResumeServerInput, required: true, description: 'The server.' }) },
    resolve: async (_root, { input }, { deps, operator }) => ({
      server: await resumeServer(deps, operator, input),
    }),
  }),
)

builder.mutationField('revealRecipient', (t) =>
  t.withAuth({ operator: true }).field({
    type: RevealRecipientPayload,
    description:
      'Tells the name of somebody that messages wait for. Noted in the audit before it is told.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: RevealRecipientInput, required: true, description: 'The recipient.' }),
    },
    resolve: (_root, { input }, { deps, operator }) => revealRecipient(deps, operator, input),
  }),
)

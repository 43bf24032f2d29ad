import {
  ConflictError,
  ForbiddenError,
  NotFoundError,
  PayloadTooLargeError,
  RateLimitedError,
  StaleRosterError,
} from '../domain/errors.ts'
import { changeGroup } from '../domain/groups/change-group.ts'
import { createGroup } from '../domain/groups/create-group.ts'
import { findGroup, type GroupView } from '../domain/groups/group-view.ts'
import { listGroups } from '../domain/groups/list-groups.ts'
import { limits } from '../domain/limits.ts'
import { signature, uuidText } from './bounds.ts'
import { builder } from './builder.ts'
import { GroupRef } from './group.ts'
import { decodeNodeId, encodeNodeId } from './node-id.ts'
import { defaultPageSize, notOurs, pageArgs, toConnection } from './pages.ts'

const entryFields = {
  groupId: 'The group that the entry names: a UUID in lower case.',
  entry: `The signed change, canonical CBOR: see docs/protocol.md. At most ${limits.rosterEntryBytes} bytes.`,
  signature: 'Ed25519 signature "fastchat/roster/v1" of the entry by this device, 64 bytes.',
}

const CreateGroupInput = builder.inputType('CreateGroupInput', {
  description: 'The first entry of a new group. Its author becomes the only admin.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: entryFields.groupId, validate: uuidText }),
    entry: t.field({ type: 'Bytes', required: true, description: entryFields.entry }),
    signature: t.field({
      type: 'Bytes',
      required: true,
      description: entryFields.signature,
      validate: signature,
    }),
  }),
})

const ChangeGroupInput = builder.inputType('ChangeGroupInput', {
  description: 'The next entry of a group, built on the newest one.',
  fields: (t) => ({
    groupId: t.id({ required: true, description: entryFields.groupId, validate: uuidText }),
    entry: t.field({ type: 'Bytes', required: true, description: entryFields.entry }),
    signature: t.field({
      type: 'Bytes',
      required: true,
      description: entryFields.signature,
      validate: signature,
    }),
  }),
})

const CreateGroupPayload = builder
  .objectRef<{ readonly group: GroupView }>('CreateGroupPayload')
  .implement({
    description: 'The group exists, and its members are told.',
    fields: (t) => ({
      group: t.field({ type: GroupRef, description: 'The group.', resolve: ({ group }) => group }),
    }),
  })

const ChangeGroupPayload = builder
  .objectRef<{ readonly group: GroupView }>('ChangeGroupPayload')
  .implement({
    description:
      'The entry is the newest one. From here on no message is stored that was sealed for the roster before.',
    fields: (t) => ({
      group: t.field({
        type: GroupRef,
        description: 'The group as you see it now.',
        resolve: ({ group }) => group,
      }),
    }),
  })

builder.mutationField('createGroup', (t) =>
  t.withAuth({ device: true }).field({
    type: CreateGroupPayload,
    description: `Begins a group of up to ${limits.groupMembers} members. Repeating it is answered like the first time.`,
    errors: {
      types: [ConflictError, ForbiddenError, NotFoundError, PayloadTooLargeError, RateLimitedError],
    },
    args: {
      input: t.arg({ type: CreateGroupInput, required: true, description: 'The first entry.' }),
    },
    resolve: async (_root, { input }, { deps, viewer }) => ({
      group: await createGroup(deps, viewer, input),
    }),
  }),
)

builder.mutationField('changeGroup', (t) =>
  t.withAuth({ device: true }).field({
    type: ChangeGroupPayload,
    description:
      'Adds, kicks, promotes, demotes, hands over, renames, deletes, or leaves. Repeating it is answered like the first time.',
    errors: {
      types: [
        ForbiddenError,
        NotFoundError,
        PayloadTooLargeError,
        RateLimitedError,
        StaleRosterError,
      ],
    },
    args: {
      input: t.arg({ type: ChangeGroupInput, required: true, description: 'The next entry.' }),
    },
    resolve: async (_root, { input }, { deps, viewer }) => ({
      group: await changeGroup(deps, viewer, input),
    }),
  }),
)

builder.queryField('group', (t) =>
  t.withAuth({ device: true }).field({
    type: GroupRef,
    nullable: true,
    description: 'A group that you are in, or were in during the last 30 days; null for any other.',
    args: {
      groupId: t.arg.id({ required: true, description: 'The UUID.', validate: uuidText }),
    },
    resolve: (_root, { groupId }, { deps, viewer }) => findGroup(deps, viewer, groupId),
  }),
)

const GroupConnection = builder.connectionObject(
  { type: GroupRef, name: 'GroupConnection', description: 'A page of groups.' },
  { name: 'GroupEdge', description: 'A group and its place.' },
)

builder.queryField('groups', (t) =>
  t.withAuth({ device: true }).field({
    type: GroupConnection,
    description: `Your groups, at most ${limits.groupsPerAccount}, and those you were in during the last 30 days.`,
    complexity: ({ first }) => ({ field: 1, multiplier: Math.max(first ?? defaultPageSize, 1) }),
    args: pageArgs(t),
    resolve: async (_root, { first, after }, { deps, viewer }) => {
      const { groups, hasNextPage } = await listGroups(deps, viewer, {
        after: after == null ? null : groupAfter(after),
        limit: first ?? defaultPageSize,
      })
      const edges = groups.map((node) => ({ node, cursor: encodeNodeId('Group', node.groupId) }))
      return toConnection(edges, { hasNextPage, hasPreviousPage: after != null })
    },
  }),
)

function groupAfter(cursor: string): string {
  try {
    const { typename, id } = decodeNodeId(cursor)
    if (typename === 'Group') return id
  } catch {
    // Said below, of the field that it is.
  }
  throw notOurs()
}

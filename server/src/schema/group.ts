import { z } from 'zod'
import { findGroup, type GroupView } from '../domain/groups/group-view.ts'
import { listEntries } from '../domain/groups/list-entries.ts'
import { type GroupMember, listMembers } from '../domain/groups/list-members.ts'
import { limits } from '../domain/limits.ts'
import type { StoredRosterEntry } from '../store/group-reads.ts'
import { AccountRef } from './account.ts'
import { builder } from './builder.ts'
import { decodeNameCursor, defaultPageSize, nameCursor, pageArgs, toConnection } from './pages.ts'

const GroupMemberRef = builder.objectRef<GroupMember>('GroupMember').implement({
  description: 'Somebody in a group.',
  fields: (t) => ({
    account: t.field({
      type: AccountRef,
      description: 'Who.',
      resolve: ({ account }) => account,
    }),
    isAdmin: t.exposeBoolean('isAdmin', { description: 'Whether it may change the group.' }),
  }),
})

const GroupMemberConnection = builder.connectionObject(
  { type: GroupMemberRef, name: 'GroupMemberConnection', description: 'A page of members.' },
  { name: 'GroupMemberEdge', description: 'A member and its place.' },
)

const RosterEntryRef = builder.objectRef<StoredRosterEntry>('RosterEntry').implement({
  description:
    'One signed change of a group, and the whole state after it. Verify it: the server is not to be trusted with it.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Its place in the chain; the first is 1.' }),
    entry: t.expose('entry', {
      type: 'Bytes',
      description: `Canonical CBOR, at most ${limits.rosterEntryBytes} bytes: see docs/protocol.md.`,
    }),
    signature: t.expose('signature', {
      type: 'Bytes',
      description: 'Ed25519 signature "fastchat/roster/v1" by the device of its author, 64 bytes.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
  }),
})

export const GroupRef = builder.objectRef<GroupView>('Group')

builder.node(GroupRef, {
  description:
    'A group as you may see it. Who has left or was removed sees it as it was then, for 30 days.',
  id: { resolve: ({ groupId }) => groupId, description: 'Opaque: for node(id:).' },
  loadOne: (groupId, { deps, viewer }) =>
    viewer === null ? null : findGroup(deps, viewer, groupId),
  fields: (t) => ({
    groupId: t.exposeID('groupId', { description: 'The UUID that roster entries name it by.' }),
    name: t.exposeString('name', {
      description: `What its members call it, at most ${limits.groupNameChars} characters. Trust only the signed entries.`,
    }),
    version: t.exposeInt('version', {
      description: 'The version of its roster; one higher with every change.',
    }),
    headHash: t.expose('headHash', {
      type: 'Bytes',
      description: 'SHA-256 of the entry of that version, 32 bytes.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    isDeleted: t.exposeBoolean('isDeleted', {
      description: 'Whether an admin has deleted it. Final.',
    }),
    viewerIsMember: t.exposeBoolean('viewerIsMember', { description: 'Whether you are in it.' }),
    viewerIsAdmin: t.exposeBoolean('viewerIsAdmin', {
      description: 'Whether you may change it.',
    }),
    members: t.field({
      type: GroupMemberConnection,
      description: `The members, by name; at most ${limits.groupMembers} in all.`,
      complexity: ({ first }) => ({ field: 1, multiplier: Math.max(first ?? defaultPageSize, 1) }),
      args: pageArgs(t),
      resolve: async (group, { first, after }, { deps }) => {
        const { members, hasNextPage } = await listMembers(deps, group, {
          after: after == null ? null : decodeNameCursor(after),
          limit: first ?? defaultPageSize,
        })
        const edges = members.map((node) => ({ node, cursor: nameCursor(node.account.username) }))
        return toConnection(edges, { hasNextPage, hasPreviousPage: after != null })
      },
    }),
    entries: t.field({
      type: [RosterEntryRef],
      description:
        'The chain of signed changes, in order. Ask again after the last one until none comes.',
      complexity: ({ first }) => ({ field: 1, multiplier: Math.max(first, 1) }),
      args: {
        after: t.arg.int({
          required: true,
          defaultValue: 0,
          description: 'Entries after this version; 0 begins with the first.',
          validate: z.int().min(0, 'at least 0'),
        }),
        first: t.arg.int({
          required: true,
          defaultValue: limits.rosterEntriesPerPage,
          description: `At most this many, up to ${limits.rosterEntriesPerPage}.`,
          validate: z
            .int()
            .min(1, 'at least 1')
            .max(limits.rosterEntriesPerPage, `at most ${limits.rosterEntriesPerPage}`),
        }),
      },
      resolve: (group, { after, first }, { deps }) =>
        listEntries(deps, group, { after, limit: first }),
    }),
  }),
})

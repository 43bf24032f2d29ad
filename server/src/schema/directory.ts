import { z } from 'zod'
import { lookUpAccounts } from '../domain/directory/look-up-accounts.ts'
import { searchAccounts } from '../domain/directory/search-accounts.ts'
import { limits } from '../domain/limits.ts'
import { AccountRef } from './account.ts'
import { textUpTo } from './bounds.ts'
import { builder } from './builder.ts'
import { decodeNameCursor, defaultPageSize, nameCursor, pageArgs, toConnection } from './pages.ts'

const username = textUpTo(limits.usernameChars)

builder.queryField('account', (t) =>
  t.withAuth({ device: true }).field({
    type: AccountRef,
    nullable: true,
    description: 'The account of that name; null when there is none. 300 look-ups in 15 minutes.',
    args: {
      username: t.arg.string({
        required: true,
        description: 'The name, without case, at most 32 characters.',
        validate: username,
      }),
    },
    resolve: async (_root, args, { deps, viewer }) => {
      const [account] = await lookUpAccounts(deps, viewer, [args.username])
      return account ?? null
    },
  }),
)

builder.queryField('accounts', (t) =>
  t.withAuth({ device: true }).field({
    type: [AccountRef],
    nullable: { list: false, items: true },
    description:
      'The accounts of these names, in their order; null where there is none. One look-up.',
    complexity: ({ usernames }) => ({ field: 1, multiplier: usernames.length }),
    args: {
      usernames: t.arg.stringList({
        required: true,
        description: `At most ${limits.accountsPerLookup} names, without case.`,
        validate: z
          .array(username)
          .max(limits.accountsPerLookup, `at most ${limits.accountsPerLookup} names`),
      }),
    },
    resolve: (_root, { usernames }, { deps, viewer }) => lookUpAccounts(deps, viewer, usernames),
  }),
)

const AccountConnection = builder.connectionObject(
  { type: AccountRef, name: 'AccountConnection', description: 'A page of accounts.' },
  { name: 'AccountEdge', description: 'An account and its place.' },
)

builder.queryField('searchAccounts', (t) =>
  t.withAuth({ device: true }).field({
    type: AccountConnection,
    description: 'Accounts whose names begin with a prefix, by name. One look-up.',
    complexity: ({ first }) => ({ field: 1, multiplier: Math.max(first ?? defaultPageSize, 1) }),
    args: {
      prefix: t.arg.string({
        required: true,
        description:
          'How the name begins, without case: 2 to 32 characters that stand for themselves.',
        validate: username.min(2, 'at least 2 characters'),
      }),
      ...pageArgs(t),
    },
    resolve: async (_root, { prefix, first, after }, { deps, viewer }) => {
      const { accounts, hasNextPage } = await searchAccounts(deps, viewer, {
        prefix,
        after: after == null ? null : decodeNameCursor(after),
        limit: first ?? defaultPageSize,
      })
      const edges = accounts.map((node) => ({ node, cursor: nameCursor(node.username) }))
      return toConnection(edges, { hasNextPage, hasPreviousPage: after != null })
    },
  }),
)

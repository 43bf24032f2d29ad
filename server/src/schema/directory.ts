import { z } from 'zod'
import { lookUpAccounts } from '../domain/directory/look-up-accounts.ts'
import { searchAccounts } from '../domain/directory/search-accounts.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { normalizeUsername } from '../domain/identity/username.ts'
import { limits } from '../domain/limits.ts'
import type { Account } from '../store/accounts.ts'
import { AccountRef } from './account.ts'
import { textUpTo } from './bounds.ts'
import { builder } from './builder.ts'

const username = textUpTo(limits.usernameChars)
const defaultPageSize = 20

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
      first: t.arg.int({
        description: `How many, 1 to ${limits.pageSize}; ${defaultPageSize} when left out.`,
        validate: z.int().min(1, 'at least 1').max(limits.pageSize, `at most ${limits.pageSize}`),
      }),
      after: t.arg.string({
        description: 'The endCursor of the page before.',
        validate: textUpTo(64),
      }),
    },
    resolve: async (_root, { prefix, first, after }, { deps, viewer }) => {
      const { accounts, hasNextPage } = await searchAccounts(deps, viewer, {
        prefix,
        after: after == null ? null : decodeCursor(after),
        limit: first ?? defaultPageSize,
      })
      const edges = accounts.map((node) => ({ node, cursor: encodeCursor(node) }))
      const startCursor = edges.at(0)?.cursor ?? null
      const endCursor = edges.at(-1)?.cursor ?? null
      return {
        edges,
        pageInfo: { startCursor, endCursor, hasNextPage, hasPreviousPage: after != null },
      }
    },
  }),
)

function encodeCursor({ username }: Account): string {
  return Buffer.from(username).toString('base64url')
}

function decodeCursor(cursor: string): string {
  const name = normalizeUsername(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (name !== null) return name
  throw new InvalidInputError('after', 'This cursor is not one of ours. Begin with the first page.')
}

import { z } from 'zod'
import { InvalidInputError } from '../domain/errors.ts'
import { normalizeUsername } from '../domain/identity/username.ts'
import { limits } from '../domain/limits.ts'
import { textUpTo } from './bounds.ts'
import type { builder } from './builder.ts'

export const defaultPageSize = 20

type FieldBuilder = Parameters<Parameters<typeof builder.queryField>[1]>[0]

/** `first` and `after` of a list that grows. */
export const pageArgs = (t: Pick<FieldBuilder, 'arg'>) => ({
  first: t.arg.int({
    description: `How many, 1 to ${limits.pageSize}; ${defaultPageSize} when left out.`,
    validate: z.int().min(1, 'at least 1').max(limits.pageSize, `at most ${limits.pageSize}`),
  }),
  after: t.arg.string({
    description: 'The endCursor of the page before.',
    validate: textUpTo(64),
  }),
})

export function toConnection<Edge extends { readonly cursor: string }>(
  edges: Edge[],
  more: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean },
) {
  const startCursor = edges.at(0)?.cursor ?? null
  const endCursor = edges.at(-1)?.cursor ?? null
  return { edges, pageInfo: { startCursor, endCursor, ...more } }
}

export function nameCursor(username: string): string {
  return Buffer.from(username).toString('base64url')
}

export function decodeNameCursor(cursor: string): string {
  const name = normalizeUsername(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (name !== null) return name
  throw notOurs()
}

export function notOurs(): InvalidInputError {
  return new InvalidInputError(
    'after',
    'This cursor is not one of ours. Begin with the first page.',
  )
}

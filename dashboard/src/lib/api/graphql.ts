import { initGraphQLTada } from 'gql.tada'
import type { introspection } from './graphql-env.d.ts'

/** Checks every document against `schema.graphql` when the project is compiled. */
export const graphql = initGraphQLTada<{
  introspection: introspection
  disableMasking: true
  scalars: { Bytes: string; Cursor: string; DateTime: string }
}>()

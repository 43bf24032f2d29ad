import type { GraphQLField } from 'graphql'
import { schema } from '../../../server/src/schema/index.ts'

/** Every operation there is, by names such as "Mutation.sendMessage". */
export function rootFields(): ReadonlyMap<string, GraphQLField<unknown, unknown>> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return new Map(
    roots.flatMap((root) =>
      Object.values(root?.getFields() ?? {}).map((field) => [`${root?.name}.${field.name}`, field]),
    ),
  )
}

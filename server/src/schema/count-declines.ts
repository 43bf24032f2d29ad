import { defaultFieldResolver, type GraphQLSchema } from 'graphql'
import { UserError } from '../domain/errors.ts'
import type { Context } from './builder.ts'

/** A mutation that is declined answers with a result like any other: here it is counted. */
export function countDeclines(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field
    field.resolve = async (root, args, context: Context, info) => {
      const result: unknown = await resolve(root, args, context, info)
      if (result instanceof UserError) context.deps.noteDecline(result.code)
      return result
    }
  }
  return schema
}

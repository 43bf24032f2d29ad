import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'

export const secretOfTheResolver = 'postgres://user:hunter2@host'

export interface SmallSchema {
  readonly schema: GraphQLSchema
  /** How often the mutation ran. */
  bumps(): number
  /** Subscriptions that are open. */
  listeners(): number
}

/** A schema with what attacks need: recursion, a mutation that counts, a fault, an endless subscription. */
export function createSmallSchema(): SmallSchema {
  let bumps = 0
  let listeners = 0
  const Item: GraphQLObjectType = new GraphQLObjectType({
    name: 'Item',
    fields: () => ({
      name: { type: GraphQLString, resolve: () => 'item' },
      next: { type: Item, resolve: () => ({}) },
    }),
  })
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        hello: { type: GraphQLString, resolve: () => 'hello' },
        later: {
          type: GraphQLString,
          resolve: () => new Promise((resolve) => setTimeout(resolve, 20, 'later')),
        },
        never: { type: GraphQLString, resolve: () => new Promise(() => {}) },
        echo: {
          type: GraphQLInt,
          args: { number: { type: GraphQLInt } },
          resolve: (_root, { number }) => number,
        },
        item: { type: Item, resolve: () => ({}) },
        fault: {
          type: GraphQLString,
          resolve() {
            throw new Error(`cannot connect to ${secretOfTheResolver}`)
          },
        },
      },
    }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: { bump: { type: GraphQLInt, resolve: () => (bumps += 1) } },
    }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: {
        silence: {
          type: GraphQLInt,
          subscribe() {
            listeners += 1
            let end = () => {}
            const ended = new Promise<void>((resolve) => {
              end = resolve
            })
            const finish = async () => {
              end()
              return { done: true as const, value: undefined }
            }
            let isOpen = true
            const iterator: AsyncIterableIterator<number> = {
              next: () => ended.then(finish),
              return() {
                if (isOpen) listeners -= 1
                isOpen = false
                return finish()
              },
              [Symbol.asyncIterator]: () => iterator,
            }
            return iterator
          },
        },
        count: {
          type: GraphQLInt,
          args: { to: { type: GraphQLInt } },
          async *subscribe(_root: unknown, { to }: { to: number }) {
            for (let number = 1; number <= to; number += 1) yield { count: number }
          },
        },
      },
    }),
  })
  return { schema, bumps: () => bumps, listeners: () => listeners }
}

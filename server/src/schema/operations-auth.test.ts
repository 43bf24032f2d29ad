import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { schema } from './index.ts'

// White-box: whether a field is guarded shows only in what the schema builder was told.

interface Told {
  readonly authScopes?: Readonly<Record<string, unknown>>
}

const toldOf = (thing: { readonly extensions: object }) =>
  (thing.extensions as { readonly pothosOptions?: Told }).pothosOptions ?? {}

const isForOperators = (thing: { readonly extensions: object }) =>
  toldOf(thing).authScopes?.operator === true

const roots = [
  schema.getQueryType(),
  schema.getMutationType(),
  schema.getSubscriptionType(),
].filter((root) => root != null)
const rootFields = roots.flatMap((root) => Object.values(root.getFields()))

function reachableFrom(types: readonly GraphQLNamedType[]): Set<GraphQLNamedType> {
  const seen = new Set<GraphQLNamedType>()
  const visit = (type: GraphQLNamedType) => {
    if (seen.has(type)) return
    seen.add(type)
    if (isUnionType(type)) type.getTypes().forEach(visit)
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) visit(getNamedType(field.type))
  }
  types.forEach(visit)
  return seen
}

const operatorFields = rootFields.filter(isForOperators)
const otherFields = rootFields.filter((field) => !isForOperators(field))
const reachableByOthers = reachableFrom(otherFields.map(({ type }) => getNamedType(type)))
const reachableByOperators = reachableFrom(operatorFields.map(({ type }) => getNamedType(type)))
const onlyForOperators = [...reachableByOperators.difference(reachableByOthers)].filter(
  (type): type is GraphQLObjectType => isObjectType(type),
)

test('every type that only operators reach is guarded itself, however it may be reached one day', () => {
  const open = onlyForOperators.filter((type) => !isForOperators(type)).map(({ name }) => name)

  assert.ok(onlyForOperators.length >= 15, String(onlyForOperators.length))
  // It is what remains when the session has ended.
  assert.deepEqual(open, ['SignOutOperatorPayload'])
})

test('every field that leads to such a type is guarded, so that a new one cannot be forgotten', () => {
  const guarded = new Set(Object.values(schema.getTypeMap()).filter(isForOperators))
  const leading = otherFields.filter(({ type }) =>
    reachableFrom([getNamedType(type)])
      .values()
      .some((reached) => guarded.has(reached)),
  )

  assert.ok(guarded.size >= 15, String(guarded.size))
  assert.deepEqual(
    leading.map(({ name }) => name),
    [],
  )
})

test('nothing an operator reaches is content, a key or a device', () => {
  const scalars = [...reachableByOperators].map(({ name }) => name)
  const names = onlyForOperators.flatMap((type) =>
    Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
  )

  for (const name of ['Bytes', 'Account', 'Device', 'Group', 'MessageArrived'])
    assert.ok(!scalars.includes(name), name)
  assert.deepEqual(
    names.filter((name) => /sender|device|envelope|key|messageId|username|password/i.test(name)),
    ['RevealRecipientPayload.username'],
  )
})

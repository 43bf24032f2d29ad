import {
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { type Reader, readersOf, typeNameOf } from './readers.ts'

/** Turns what the domain returned into what the client selected of it. */
export type Writer = (value: unknown) => unknown

/** For each object type that a selection may meet; a type without one is left to the executor. */
export type Writers = ReadonlyMap<string, Writer>

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** Thrown and caught in this folder: here is something that only the executor knows. */
export class NotDirectError extends Error {}

interface SelectedField {
  readonly key: string
  readonly name: string
  readonly selections: SelectionSetNode | undefined
}

/** Of what can be written without the executor: of an abstract type the members that can. */
export function writersFor(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  selections: SelectionSetNode,
  fragments: Fragments,
): Writers {
  const named = getNamedType(type)
  const members = isAbstractType(named)
    ? schema.getPossibleTypes(named)
    : isObjectType(named)
      ? [named]
      : []
  const writers = new Map<string, Writer>()
  for (const member of members) {
    const writer = unlessNotDirect(() => objectWriter(schema, member, selections, fragments))
    if (writer !== null) writers.set(member.name, writer)
  }
  return writers
}

function unlessNotDirect<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof NotDirectError) return null
    throw error
  }
}

function objectWriter(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  selections: SelectionSetNode,
  fragments: Fragments,
): Writer {
  const fields = new Map<string, SelectedField>()
  collect(schema, type, selections, fragments, fields)
  const readers = readersOf(type)
  const steps = [...fields.values()].map(({ key, name, selections: below }): [string, Writer] => {
    if (name === '__typename') return [key, () => type.name]
    const read = readers(name)
    const field = type.getFields()[name]
    if (read === null || field === undefined) throw new NotDirectError()
    return [key, fieldWriter(schema, field.type, read, below, fragments)]
  })
  return (value) => {
    const written: Record<string, unknown> = {}
    for (const [key, write] of steps) written[key] = write(value)
    return written
  }
}

function fieldWriter(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  read: Reader,
  selections: SelectionSetNode | undefined,
  fragments: Fragments,
): Writer {
  const plain = getNullableType(type)
  if (isLeafType(getNamedType(plain))) return read
  if (!isListType(plain) || selections === undefined) throw new NotDirectError()
  const writers = writersFor(schema, plain.ofType, selections, fragments)
  // Of an object type it is known now whether it can be written; of an abstract one only with the value in hand.
  if (isObjectType(getNamedType(plain)) && writers.size === 0) throw new NotDirectError()
  const nameOf = typeNameOf(getNamedType(plain))
  const write = (item: unknown) => {
    const writeItem = writers.get(nameOf(item))
    if (writeItem === undefined) throw new NotDirectError()
    return writeItem(item)
  }
  return (value) => (read(value) as readonly unknown[]).map(write)
}

/** The fields of one type in the order of the answer: that of their first appearance, fragments unfolded. */
function collect(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  fragments: Fragments,
  fields: Map<string, SelectedField>,
): void {
  for (const selection of selections) {
    if ((selection.directives?.length ?? 0) > 0) throw new NotDirectError()
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      // The same key twice is merged by rules that are the executor's.
      if (fields.has(key) || key === '__proto__' || (selection.arguments?.length ?? 0) > 0)
        throw new NotDirectError()
      fields.set(key, { key, name: selection.name.value, selections: selection.selectionSet })
      continue
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
    if (fragment === undefined || (fragment.directives?.length ?? 0) > 0) throw new NotDirectError()
    const condition = fragment.typeCondition?.name.value
    if (condition === undefined || applies(schema, type, condition))
      collect(schema, type, fragment.selectionSet, fragments, fields)
  }
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string): boolean {
  if (condition === type.name) return true
  const wanted = schema.getType(condition)
  return isAbstractType(wanted) && schema.isSubType(wanted, type)
}

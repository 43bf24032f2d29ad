import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql'
import { limits } from '../domain/limits.ts'
import type { Variables } from './operation-guard.ts'

/** What an operation costs, with its fragments unfolded. Each answers with what is too much, or null. */
export interface Weigher {
  /** Once for each document. */
  withoutVariables(document: DocumentNode): string | null
  /** For every request; costs nothing unless the document has a field whose cost depends on its arguments. */
  withVariables(document: DocumentNode, variables: Variables): string | null
}

export function createWeigher(schema: GraphQLSchema): Weigher {
  const variableFields = namesOfVariableCost(schema)
  const depends = new WeakSet<DocumentNode>()

  const weigh = (document: DocumentNode, variables: Variables): string | null => {
    const { depth, breadth, complexity } = complexityFromQuery(document, {
      schema,
      variables: { ...variables },
    })
    if (depth > limits.operationDepth)
      return `An operation may be ${limits.operationDepth} fields deep; this one is ${depth}.`
    if (breadth > limits.operationBreadth)
      return `An operation may select at most ${limits.operationBreadth} fields; this one selects ${breadth}.`
    if (complexity > limits.operationComplexity)
      return `An operation may have a complexity of ${limits.operationComplexity}; this one has ${complexity}.`
    return null
  }

  return {
    withoutVariables(document) {
      if (usesAny(document, variableFields)) {
        depends.add(document)
        return null
      }
      return weigh(withoutDefinitions(document), {})
    },
    withVariables(document, variables) {
      if (!depends.has(document)) return null
      try {
        return weigh(document, variables)
      } catch {
        // Variables that do not fit: the executor says which, and runs nothing.
        return null
      }
    },
  }
}

/** The weigher insists on a value for every variable that is declared. */
function withoutDefinitions(document: DocumentNode): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? { ...definition, variableDefinitions: [] }
        : definition,
    ),
  }
}

function namesOfVariableCost(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) || isInterfaceType(type),
  )
  const fields = types.flatMap((type) => Object.values(type.getFields()))
  return new Set(
    fields
      .filter(({ extensions }) => typeof extensions.complexity === 'function')
      .map(({ name }) => name),
  )
}

function usesAny(document: DocumentNode, names: ReadonlySet<string>): boolean {
  let found = false
  visit(document, {
    Field({ name }) {
      found ||= names.has(name.value)
    },
  })
  return found
}

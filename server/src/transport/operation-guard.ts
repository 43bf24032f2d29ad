import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import type { ErrorCode } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import { createDocumentCache } from './document-cache.ts'
import { countSyntax } from './syntax-counts.ts'

export type Prepared =
  | {
      readonly kind: 'ready'
      readonly document: DocumentNode
      readonly operation: OperationTypeNode
      readonly name: string | undefined
    }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }

export interface OperationGuard {
  /** Parses, limits and validates a document; one that was seen before costs a look-up. Never throws. */
  prepare(source: string): Prepared
}

/** The one gate for documents, over HTTP and over sockets alike. */
export function createOperationGuard(options: {
  readonly schema: GraphQLSchema
  /** On with the playground: it cannot work without. */
  readonly introspection: boolean
}): OperationGuard {
  const { schema, introspection } = options
  const rules = introspection
    ? specifiedRules
    : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const cache = createDocumentCache<Prepared>()

  const prepare = (source: string): Prepared => {
    let document: DocumentNode
    try {
      document = parse(source, { maxTokens: limits.operationTokens, noLocation: !introspection })
    } catch (error) {
      // The library names the token it stumbled over, which the sender typed and may read.
      return error instanceof GraphQLError && /more than \d+ tokens/.test(error.message)
        ? tooComplex(`A document may have at most ${limits.operationTokens} tokens.`)
        : refused(
            'BAD_USER_INPUT',
            error instanceof GraphQLError ? error.message : 'The document cannot be read.',
          )
    }

    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    const [operation] = operations
    if (operation?.kind !== Kind.OPERATION_DEFINITION || operations.length !== 1)
      return refused(
        'BAD_USER_INPUT',
        `A document holds one operation; this one has ${operations.length}.`,
      )

    // Before validation: comparing fields with each other is what a hostile document would make expensive.
    const excess = findExcess(document)
    if (excess !== null) return tooComplex(excess)

    const errors = validate(schema, document, rules, { maxErrors: 1, hideSuggestions: true })
    if (errors.length > 0)
      return {
        kind: 'refused',
        errors: errors.slice(0, 1).map((error) => coded('BAD_USER_INPUT', error.message, error)),
      }

    const heavy = findWeight(schema, document)
    if (heavy !== null) return tooComplex(heavy)
    return { kind: 'ready', document, operation: operation.operation, name: operation.name?.value }
  }

  return {
    prepare(source) {
      const seen = cache.get(source)
      if (seen !== undefined) return seen
      const prepared = prepare(source)
      // A refusal is not kept: hostile documents would push the good ones out.
      if (prepared.kind === 'ready') cache.set(source, prepared)
      return prepared
    },
  }
}

function findExcess(document: DocumentNode): string | null {
  const { aliases, directives, fields } = countSyntax(document)
  if (aliases > limits.operationAliases)
    return `A document may have at most ${limits.operationAliases} aliases; this one has ${aliases}.`
  if (directives > limits.operationDirectives)
    return `A document may have at most ${limits.operationDirectives} directives; this one has ${directives}.`
  if (fields > limits.operationBreadth)
    return `A document may select at most ${limits.operationBreadth} fields; this one selects ${fields}.`
  return null
}

/** Fragments are followed here, so a small text that unfolds into a large answer is caught. */
function findWeight(schema: GraphQLSchema, document: DocumentNode): string | null {
  // Weighed once for all its uses, so without variables: no field's weight depends on one.
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? { ...definition, variableDefinitions: [] }
      : definition,
  )
  const { depth, breadth, complexity } = complexityFromQuery(
    { ...document, definitions },
    { schema },
  )
  if (depth > limits.operationDepth)
    return `An operation may be ${limits.operationDepth} fields deep; this one is ${depth}.`
  if (breadth > limits.operationBreadth)
    return `An operation may select at most ${limits.operationBreadth} fields; this one selects ${breadth}.`
  if (complexity > limits.operationComplexity)
    return `An operation may have a complexity of ${limits.operationComplexity}; this one has ${complexity}.`
  return null
}

function tooComplex(message: string): Prepared {
  return refused('QUERY_TOO_COMPLEX', `${message} Ask for less, or in several requests.`)
}

function refused(code: ErrorCode, message: string): Prepared {
  return { kind: 'refused', errors: [coded(code, message)] }
}

function coded(code: ErrorCode, message: string, at?: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: at?.nodes ?? null,
    extensions: { code },
  })
}

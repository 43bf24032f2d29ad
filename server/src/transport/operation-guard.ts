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
import { createWeigher } from './operation-weight.ts'
import { countSyntax } from './syntax-counts.ts'

export type Prepared =
  | {
      readonly kind: 'ready'
      readonly document: DocumentNode
      readonly operation: OperationTypeNode
      readonly name: string | undefined
    }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }

/** As the client sent them, not yet compared with what the document declares. */
export type Variables = Readonly<Record<string, unknown>> | null | undefined

export interface OperationGuard {
  /** Parses, limits and validates a document; one that was seen before costs a look-up. Never throws. */
  prepare(source: string, variables?: Variables): Prepared
}

/** The one gate for documents, over HTTP and over sockets alike. */
export function createOperationGuard(options: {
  readonly schema: GraphQLSchema
  /** On with the playground: it cannot work without. */
  readonly introspection: boolean
  /** Called for every document, whatever becomes of it. */
  onOperation?(): void
}): OperationGuard {
  const { schema, introspection, onOperation } = options
  const rules = introspection
    ? specifiedRules
    : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const cache = createDocumentCache<Prepared>()
  const weigh = createWeigher(schema)

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

    const heavy = weigh.withoutVariables(document)
    if (heavy !== null) return tooComplex(heavy)
    return {
      kind: 'ready',
      document,
      operation: operation.operation,
      name: operation.name?.value,
    }
  }

  return {
    prepare(source, variables) {
      onOperation?.()
      const seen = cache.get(source)
      const prepared = seen ?? prepare(source)
      if (prepared.kind === 'refused') return prepared
      // Only what passed is kept: hostile documents would push the good ones out.
      if (seen === undefined) cache.set(source, prepared)
      const heavy = weigh.withVariables(prepared.document, variables)
      return heavy === null ? prepared : tooComplex(heavy)
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

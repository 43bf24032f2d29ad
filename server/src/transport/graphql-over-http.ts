import { type ExecutionArgs, execute, GraphQLError, type GraphQLSchema, subscribe } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Context } from '../schema/builder.ts'
import type { MaskError } from './mask-error.ts'
import type { OperationGuard } from './operation-guard.ts'

export type GraphqlOverHttp = (
  request: { readonly body: string; readonly accept: string; readonly signal: AbortSignal },
  context: Context,
) => Promise<Response>

/** Yoga for what it does well: the GraphQL over HTTP specification and server-sent events. The limits are ours. */
export function createGraphqlOverHttp(options: {
  readonly schema: GraphQLSchema
  readonly guard: OperationGuard
  readonly maskError: MaskError
}): GraphqlOverHttp {
  const { schema, guard, maskError } = options
  const yoga = createYoga<Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    logging: false,
    // Node's own, so that the body is a stream that Node can read.
    fetchAPI: { Request, Response, Headers, ReadableStream, TextEncoder, TextDecoder },
    // The guard keeps documents, and every error passes our masker once, on its way out.
    parserAndValidationCache: false,
    maskedErrors: false,
    plugins: [useReferenceExecutor, useGuard(guard), useMask(maskError)],
  })
  return async ({ body, accept, signal }, context) =>
    yoga.fetch(
      'http://server/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json', accept }, body, signal },
      context,
    )
}

/** The same executor as on sockets: Yoga's own is another one. */
const useReferenceExecutor: Plugin = {
  onExecute({ setExecuteFn }) {
    setExecuteFn((args: ExecutionArgs) => execute({ ...args, hideSuggestions: true }))
  },
  onSubscribe({ setSubscribeFn }) {
    setSubscribeFn((args: ExecutionArgs) => subscribe({ ...args, hideSuggestions: true }))
  },
}

function useGuard(guard: OperationGuard): Plugin {
  return {
    onParse({ params, setParsedDocument }) {
      const prepared = guard.prepare(String(params.source))
      if (prepared.kind === 'refused') throw new AggregateError(prepared.errors.map(asBadRequest))
      setParsedDocument(prepared.document)
    },
    onValidate({ setResult }) {
      setResult([])
    },
  }
}

function useMask(maskError: MaskError): Plugin {
  const maskResult = <T>(result: T): T => {
    const errors = (result as { errors?: readonly unknown[] }).errors
    return errors === undefined
      ? result
      : { ...result, errors: errors.map((error) => maskRequestError(error, maskError)) }
  }
  return {
    onResultProcess({ result, setResult }) {
      if (Symbol.asyncIterator in result)
        setResult(mapResults(result as AsyncIterable<object>, maskResult) as never)
      else setResult(maskResult(result) as never)
    },
  }
}

/** Yoga's own refusals (no query, unknown parameters, broken JSON) carry a status and codes that are not on our list. */
function maskRequestError(error: unknown, maskError: MaskError): GraphQLError {
  const masked = maskError(error)
  const http = error instanceof GraphQLError ? error.extensions.http : undefined
  if (http === undefined || masked.extensions.http !== undefined) return masked
  return new GraphQLError(masked.message, { extensions: { ...masked.extensions, http } })
}

/** Over HTTP a document that cannot be run is answered with 400; in a resolver's error there is no status. */
function asBadRequest(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    extensions: { ...error.extensions, http: { status: 400 } },
  })
}

async function* mapResults<T>(results: AsyncIterable<T>, map: (result: T) => T): AsyncGenerator<T> {
  for await (const result of results) yield map(result)
}

import { GraphQLError, type GraphQLSchema } from 'graphql'
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
    plugins: [useNoSuggestions, useGuard(guard), useMask(maskError)],
  })
  return async ({ body, accept, signal }, context) =>
    yoga.fetch(
      'http://server/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json', accept }, body, signal },
      context,
    )
}

const useNoSuggestions: Plugin = {
  onExecute: ({ args }) => hideSuggestions(args),
  onSubscribe: ({ args }) => hideSuggestions(args),
}

function hideSuggestions(args: object): void {
  Object.assign(args, { hideSuggestions: true })
}

function useGuard(guard: OperationGuard): Plugin {
  return {
    onParse({ context, params, setParsedDocument }) {
      const prepared = guard.prepare(String(params.source), context.params.variables)
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

/** For what Yoga refuses by itself (no query, unknown parameters, broken JSON) and for variables that do not fit. */
function maskRequestError(error: unknown, maskError: MaskError): GraphQLError {
  const masked = maskError(error)
  const isRequestError = error instanceof GraphQLError && error.extensions.http !== undefined
  return isRequestError ? asBadRequest(masked) : masked
}

/** What cannot be run is answered with 400, in every media type; an error of a resolver comes with the rest of the answer. */
function asBadRequest(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    extensions: { ...error.extensions, http: { status: 400 } },
  })
}

/** By hand: a generator that waits for its source cannot be ended before the source says something. */
function mapResults<T>(results: AsyncIterable<T>, map: (result: T) => T): AsyncIterableIterator<T> {
  const source = results[Symbol.asyncIterator]()
  const mapped: AsyncIterableIterator<T> = {
    async next() {
      const step = await source.next()
      return step.done === true ? step : { done: false, value: map(step.value) }
    },
    async return() {
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => mapped,
  }
  return mapped
}

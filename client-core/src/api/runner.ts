import type { AnyVariables, Client, DocumentInput } from '@urql/core'
import { networkError } from '../errors.ts'
import { failed } from './failure.ts'
import { limitInFlight } from './in-flight.ts'

/** Runs one document and answers with its data, or rejects with a `ChatError`. */
export interface Runner {
  query<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data>
  mutation<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data>
}

// A socket may have 16 operations running; beyond that the server refuses.
const maxInFlight = 12

export function createRunner(client: Client, answerWithinMs: number): Runner {
  const limited = limitInFlight(maxInFlight)
  return {
    query: (document, variables) =>
      limited(() => answerOf(client.query(document, variables).toPromise(), answerWithinMs)),
    mutation: (document, variables) =>
      limited(() => answerOf(client.mutation(document, variables).toPromise(), answerWithinMs)),
  }
}

async function answerOf<Data>(
  result: Promise<{ data?: Data | undefined; error?: Parameters<typeof failed>[0] | undefined }>,
  answerWithinMs: number,
): Promise<Data> {
  const { data, error } = await inTime(result, answerWithinMs)
  if (error !== undefined) throw failed(error)
  if (data === undefined || data === null) throw networkError()
  return data
}

/** A server that is alive enough to keep a socket open may still never answer. */
export async function inTime<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(networkError()), limitMs)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

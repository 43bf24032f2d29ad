import {
  type AnyVariables,
  Client,
  type CombinedError,
  type DocumentInput,
  fetchExchange,
} from '@urql/core'
import type { Addresses } from './addresses.ts'

/** What happened, for the operator. `isSessionOver`: no other question will be answered either. */
export class AskError extends Error {
  readonly isSessionOver: boolean
  constructor(message: string, options: { isSessionOver?: boolean } = {}) {
    super(message)
    this.isSessionOver = options.isSessionOver ?? false
  }
}

const answerWithinMs = 5000

/**
 * Asks one server after the other until one answers; the balancer last, which takes no sockets and
 * answers all the same. Only silence leads to the next: a refusal is an answer.
 */
export async function ask<Data, Variables extends AnyVariables>(
  addresses: Addresses,
  token: string | undefined,
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  if (addresses.order().length === 0) await addresses.refresh()
  for (const url of addresses.order()) {
    const { data, error } = await clientOf(url, token).mutation(document, variables).toPromise()
    if (error !== undefined) {
      if (error.networkError !== undefined && statusOf(error) !== 401) continue
      throw asAskError(error)
    }
    if (data !== undefined) return data
  }
  throw new AskError('No server answers. Look at the servers and at the network between.')
}

/** The operations once, without a socket. */
export async function askOnce<Data, Variables extends AnyVariables>(
  url: string,
  token: string,
  document: DocumentInput<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, error } = await clientOf(url, token).query(document, variables).toPromise()
  if (error !== undefined) throw asAskError(error)
  if (data === undefined) throw new AskError('The server answers with nothing.')
  return data
}

function clientOf(url: string, token: string | undefined): Client {
  return new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [fetchExchange],
    fetchOptions: () => ({
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      credentials: 'omit',
      signal: AbortSignal.timeout(answerWithinMs),
    }),
  })
}

function statusOf({ response }: CombinedError): number | undefined {
  return (response as Response | undefined)?.status
}

function asAskError(error: CombinedError): AskError {
  const [first] = error.graphQLErrors
  const code = first?.extensions.code
  if (statusOf(error) === 401 || code === 'UNAUTHENTICATED' || code === 'FORBIDDEN')
    return new AskError('Your session has ended. Sign in again.', { isSessionOver: true })
  return new AskError(first?.message ?? 'The server does not answer.')
}

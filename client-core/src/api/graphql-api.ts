import { Client, fetchExchange } from '@urql/core'
import type { ChatApi, ChatOperations } from './chat-api.ts'
import { endpoint } from './endpoint.ts'
import { openLink } from './link.ts'
import { createOperations } from './operations.ts'
import { createRunner } from './runner.ts'

// Signing up costs the server and the database more than anything else.
const answerWithinMs = 15_000

/** The servers over GraphQL: sockets for a session, HTTP for what comes before one. */
export const graphqlApi: ChatApi = { http: httpOperations, connect: openLink }

function httpOperations(url: string, token?: string): ChatOperations {
  const client = new Client({
    url: endpoint(url).http,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [fetchExchange],
    fetchOptions: () => ({
      signal: AbortSignal.timeout(answerWithinMs),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    }),
  })
  return createOperations(createRunner(client, answerWithinMs))
}

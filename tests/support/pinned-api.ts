import type { ChatApi } from '../../client-core/src/api/chat-api.ts'
import { graphqlApi } from '../../client-core/src/api/graphql-api.ts'

/** The real network, but every socket goes to one server: for tests in which it matters who is where. */
export function pinnedApi(serverUrl: string): ChatApi {
  return {
    http: graphqlApi.http,
    connect: (options) => graphqlApi.connect({ ...options, url: serverUrl }),
  }
}

import type { ChatApi, InboxBatch, MessageArrived } from '../../client-core/src/api/chat-api.ts'
import { graphqlApi } from '../../client-core/src/api/graphql-api.ts'
import { until } from './until.ts'

/** A server that keeps what arrives to itself, and hands out whatever it likes instead. */
export interface Liar {
  readonly api: ChatApi
  /** Resolves with the messages that it holds back, once there are so many. */
  held(count: number): Promise<readonly MessageArrived[]>
  /** Hands these out, each in a batch of its own. */
  say(...messages: readonly MessageArrived[]): void
}

export function createLiar(): Liar {
  const held: MessageArrived[] = []
  let tell: ((batch: InboxBatch) => void) | undefined

  return {
    api: {
      http: graphqlApi.http,
      async connect(options) {
        const link = await graphqlApi.connect(options)
        return {
          ...link,
          watchInbox(attachmentId, onBatch) {
            tell = onBatch
            link.watchInbox(attachmentId, ({ serverTimeMs, events }) => {
              held.push(...events.filter((event) => event.kind === 'message-arrived'))
              const others = events.filter((event) => event.kind !== 'message-arrived')
              onBatch({ serverTimeMs, events: others })
            })
          },
        }
      },
    },
    held: (count) =>
      until(`the liar holds ${count} messages`, () => (held.length >= count ? held : undefined)),
    say(...messages) {
      for (const message of messages)
        tell?.({ serverTimeMs: message.acceptedAtMs, events: [message] })
    },
  }
}

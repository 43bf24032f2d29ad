import type { Account } from './account.ts'
import { attach, openRawClient, type RawClient } from './raw-client.ts'

export interface ArrivedMessage {
  readonly clientMessageId: string
  readonly acceptedAt: string
}

export interface GroupChange {
  readonly groupId: string
  readonly version: number
}

export interface RawInbox {
  readonly client: RawClient
  /** In the order in which they came. */
  readonly messages: readonly ArrivedMessage[]
  readonly groupChanges: readonly GroupChange[]
}

const inboxDocument = `subscription ($id: ID!) {
  inbox(attachmentId: $id) {
    events {
      __typename
      ... on MessageArrived { cursor clientMessageId acceptedAt }
      ... on GroupChanged { groupId version }
    }
  }
}`
const acknowledgeDocument =
  'mutation ($input: AcknowledgeInput!) { acknowledge(input: $input) { __typename } }'

/** The one reader of an account's mailbox on a server, which acknowledges whatever it is handed. */
export async function openRawInbox(url: string, account: Account): Promise<RawInbox> {
  const client = await openRawClient(url, account.token)
  const attachmentId = await attach(client, account)
  const messages: ArrivedMessage[] = []
  const groupChanges: GroupChange[] = []
  // One at a time, each for all that has come by then: a socket takes only so many operations at once.
  let upTo = ''
  let acknowledging = false
  const acknowledge = async () => {
    if (acknowledging) return
    acknowledging = true
    for (let done = ''; done !== upTo; ) {
      done = upTo
      await client.ask(acknowledgeDocument, { input: { attachmentId, upTo } })
    }
    acknowledging = false
  }
  const take = (event: { __typename: string; cursor: string } & ArrivedMessage & GroupChange) => {
    if (event.__typename === 'GroupChanged') groupChanges.push(event)
    if (event.__typename !== 'MessageArrived') return
    messages.push(event)
    upTo = event.cursor
  }
  const listening = client.listen(inboxDocument, { id: attachmentId }, ({ data }) => {
    for (const event of data?.inbox.events ?? []) take(event)
    void acknowledge().catch(() => {})
  })
  // It ends with its socket.
  listening.catch(() => {})
  return { client, messages, groupChanges }
}

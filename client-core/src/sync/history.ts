import { conversationOf } from './addressing.ts'
import {
  type ChatMessage,
  type Conversation,
  conversationView,
  messageView,
} from './message-view.ts'
import type { Session } from './session.ts'

const defaultLimit = 50

export interface PageOfHistory {
  /** Only what stands before this position. */
  readonly before?: string
  readonly limit?: number
}

/** Newest last. */
export async function history(
  { timeline, me }: Session,
  who: string,
  page: PageOfHistory,
): Promise<readonly ChatMessage[]> {
  const records = await timeline.history(conversationOf(me.user, who), {
    limit: defaultLimit,
    ...page,
  })
  return records.map((record) => messageView(record, me.user))
}

/** The one with the newest message first. */
export async function conversations({ timeline }: Session): Promise<readonly Conversation[]> {
  return (await timeline.conversations()).map(conversationView)
}

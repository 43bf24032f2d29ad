import type { ChatClient } from '../client.ts'
import { groupTitle } from './groups/group-parameter.ts'

export interface Place {
  /** What `send` and `history` take. */
  readonly to: string
  /** What people call it. */
  readonly title: string
}

/** Where a person means: a name with `#` in front is a group's, any other a person's. */
export async function findPlace(client: Pick<ChatClient, 'groups'>, typed: string): Promise<Place> {
  if (!typed.startsWith('#')) return { to: typed, title: typed }
  const group = await client.groups.find(typed)
  return { to: group.conversation, title: groupTitle(group) }
}

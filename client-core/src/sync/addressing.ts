import type { Username } from '../brands.ts'
import { directConversation, groupOf, isConversation } from '../crypto/conversation.ts'
import { normalizeUsername } from '../crypto/username.ts'
import { ChatError } from '../errors.ts'
import { mustBeUsable } from './groups/group-recipients.ts'
import type { Session } from './session.ts'

/** The name that a person typed, in the form all signed data uses. */
export function usernameOf(typed: string): Username {
  const result = normalizeUsername(typed)
  if (result.kind === 'refused') throw new ChatError('BAD_USER_INPUT', result.message)
  return result.username
}

/** The id of a conversation, from itself or from the name of the other person. */
export function conversationOf(me: Username, who: string): string {
  const isName = !isConversation(who) && normalizeUsername(who).kind === 'valid'
  return isName ? directConversation(me, usernameOf(who)) : who
}

/** Where a message goes. */
export interface Address {
  readonly conversation: string
  /** Absent in groups. */
  readonly peer?: Username
}

/** Somebody by name, or a group by the id of its conversation. Throws if nothing may be sent there. */
export async function addressOf({ me, groups }: Session, to: string): Promise<Address> {
  const groupId = groupOf(to)
  if (groupId !== undefined) {
    mustBeUsable(await groups.get(groupId))
    return { conversation: to }
  }
  const peer = usernameOf(to)
  if (peer === me.user) {
    throw new ChatError('BAD_USER_INPUT', 'This is your own name. Choose somebody to write to.')
  }
  return { conversation: directConversation(me.user, peer), peer }
}

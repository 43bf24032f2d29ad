import type { Username } from '../brands.ts'
import { directConversation, isConversation } from '../crypto/conversation.ts'
import { normalizeUsername } from '../crypto/username.ts'
import { ChatError } from '../errors.ts'

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

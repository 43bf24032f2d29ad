import type { Look } from '../../chat/message-lines.ts'
import { safeLine } from '../../text/safe-text.ts'
import { openConversation, type ScreenState } from '../model/state.ts'
import { type Area, joined, type Painted, painted, sides } from './cells.ts'

/** With whom one talks, and whether it is really them. */
export function conversationHead(
  state: ScreenState,
  { area, marks, paint }: Omit<Look, 'columns'> & { readonly area: Area },
): readonly string[] {
  const conversation = openConversation(state)
  if (conversation === undefined) {
    return [paint('quiet', 'No conversation is open.')]
  }
  const title = painted(safeLine(conversation.title), paint('strong', safeLine(conversation.title)))
  const person = state.people.get(conversation.target)
  const width = area.width - 1
  if (conversation.kind !== 'direct' || person === undefined) {
    return [sides({ left: area.left, width }, [title, painted('')])]
  }
  const parts: Painted[] = [title]
  if (person.hasNewKey) {
    const stop = `${marks.failed} key changed: nothing is sent`
    parts.push(painted(stop, paint('bad', stop)))
  } else if (person.isVerified) {
    const word = `${marks.verified} verified`
    parts.push(painted(word, paint('good', word)))
  } else {
    parts.push(painted('not verified', paint('quiet', 'not verified')))
  }
  const online = person.isOnline ? `${marks.up} on-line` : `${marks.down} off-line`
  const presence = painted(online, paint(person.isOnline ? 'good' : 'quiet', online))
  return [sides({ left: area.left, width }, [joined(parts, '  '), presence])]
}

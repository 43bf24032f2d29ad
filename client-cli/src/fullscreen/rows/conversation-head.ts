import type { Look } from '../../chat/message-lines.ts'
import { safeLine } from '../../text/safe-text.ts'
import {
  type KnownGroup,
  type KnownPerson,
  openConversation,
  type ScreenState,
} from '../model/state.ts'
import { type Area, joined, type Painted, painted, sides } from './cells.ts'

type HeadLook = Omit<Look, 'columns'> & { readonly area: Area }

/** With whom one talks, and whether it is really them. */
export function conversationHead(state: ScreenState, look: HeadLook): readonly string[] {
  const conversation = openConversation(state)
  if (conversation === undefined) {
    return [look.paint('quiet', 'No conversation is open.')]
  }
  const name = safeLine(conversation.title)
  const title = painted(name, look.paint('strong', name))
  const { parts, presence } =
    conversation.kind === 'group'
      ? { parts: groupParts(state.groups.get(conversation.key), look), presence: painted('') }
      : personParts(state.people.get(conversation.target), look)
  const width = look.area.width - 1
  return [sides({ left: look.area.left, width }, [joined([title, ...parts], '  '), presence])]
}

function groupParts(group: KnownGroup | undefined, { marks, paint }: HeadLook): readonly Painted[] {
  if (group === undefined) return []
  const stop = standings[group.state]
  if (stop !== undefined) {
    const words = `${marks.failed} ${stop}`
    return [painted(words, paint('bad', words))]
  }
  const count = group.members === 1 ? '1 member' : `${group.members} members`
  const words = group.isAdmin ? `${count}, you are admin` : count
  return [painted(words, paint('quiet', words))]
}

const standings: { readonly [State in KnownGroup['state']]?: string } = {
  left: 'you left',
  kicked: 'you were removed',
  deleted: 'deleted',
  untrusted: 'not trusted: nothing is sent',
}

function personParts(
  person: KnownPerson | undefined,
  { marks, paint }: HeadLook,
): { readonly parts: readonly Painted[]; readonly presence: Painted } {
  if (person === undefined) return { parts: [], presence: painted('') }
  const online = person.isOnline ? `${marks.up} on-line` : `${marks.down} off-line`
  const presence = painted(online, paint(person.isOnline ? 'good' : 'quiet', online))
  if (person.hasNewKey) {
    const stop = `${marks.failed} key changed: nothing is sent`
    return { parts: [painted(stop, paint('bad', stop))], presence }
  }
  const word = person.isVerified ? `${marks.verified} verified` : 'not verified'
  return { parts: [painted(word, paint(person.isVerified ? 'good' : 'quiet', word))], presence }
}

import type { Look } from '../../chat/message-lines.ts'
import { countdown } from '../../text/duration.ts'
import { safeLine } from '../../text/safe-text.ts'
import { type Conversation, isMuted } from '../model/conversation.ts'
import type { ScreenState } from '../model/state.ts'
import { waitingOf } from '../model/waiting.ts'
import { type Area, at, joined, type Painted, painted, sides } from './cells.ts'
import { dial } from './dial.ts'

export interface SidebarLook extends Omit<Look, 'columns'> {
  readonly area: Area
  readonly nowMs: number
  readonly deviceNowMs: number
}

/** The conversations, the open one in sight, each with what is unread or waits; and a bar at the right. */
export function sidebarRows(state: ScreenState, look: SidebarLook): readonly string[] {
  const { area, marks, paint } = look
  const { conversations, open } = state
  const width = area.width - 1
  const openAt = Math.max(
    0,
    conversations.findIndex(({ key }) => key === open),
  )
  const isTooMany = conversations.length > area.height
  const room = isTooMany ? area.height - 1 : area.height
  const first = Math.max(0, Math.min(openAt - Math.floor(room / 2), conversations.length - room))
  const shown = conversations.slice(first, first + room)
  const rows = shown.map((conversation) => row(state, conversation, look))
  if (isTooMany) rows.push(more(conversations, shown, look))
  if (conversations.length === 0) rows.push(...empty(look))
  return Array.from({ length: area.height }, (_, index) => {
    const content = rows[index] ?? ' '.repeat(width - 1)
    return `${content}${at(area.left + width - 1)}${paint('quiet', marks.bar)}`
  })
}

function row(state: ScreenState, conversation: Conversation, look: SidebarLook): string {
  const { area, marks, paint } = look
  const isOpen = conversation.key === state.open
  const sign = isOpen ? marks.chosen : ' '
  const title = safeLine(conversation.title)
  const isNews = conversation.unread > 0
  const start = painted(
    `${sign} ${title}`,
    `${sign} ${isOpen || isNews ? paint('strong', title) : title}`,
  )
  return sides({ left: area.left + 1, width: area.width - 3 }, [
    { ...start, text: ` ${start.text}`, plain: ` ${start.plain}` },
    endOf(state, conversation, look),
  ])
}

function endOf(state: ScreenState, conversation: Conversation, look: SidebarLook): Painted {
  const { marks, paint, nowMs, deviceNowMs } = look
  const parts: Painted[] = []
  const { nextExpiryMs } = waitingOf(state, conversation.key)
  if (nextExpiryMs !== undefined) {
    const left = nextExpiryMs - nowMs
    const words = `${countdown(left)} ${dial(left, marks)}`.trimEnd()
    parts.push(painted(words, paint('waiting', words)))
  }
  if (conversation.unread > 0) {
    const tone = conversation.kind === 'group' ? 'strong' : 'accent'
    const count = String(Math.min(999, conversation.unread))
    parts.push(painted(count, paint(tone, count)))
  }
  if (isStopped(state, conversation)) {
    parts.push(painted(marks.failed, paint('bad', marks.failed)))
  }
  if (isMuted(conversation, deviceNowMs)) parts.push(painted('m', paint('quiet', 'm')))
  return joined(parts, ' ')
}

/** Nothing is sent there until the person has decided something. */
function isStopped({ people, groups }: ScreenState, { key, target }: Conversation): boolean {
  return people.get(target)?.hasNewKey === true || groups.get(key)?.state === 'untrusted'
}

function more(
  conversations: readonly Conversation[],
  shown: readonly Conversation[],
  { area, paint }: SidebarLook,
): string {
  const others = conversations.filter((conversation) => !shown.includes(conversation))
  const unread = others.reduce((sum, conversation) => sum + conversation.unread, 0)
  const words = `   ${others.length} more${unread === 0 ? '' : `, ${unread} new`}`
  return paint(
    unread === 0 ? 'quiet' : 'accent',
    words.slice(0, area.width - 2).padEnd(area.width - 2),
  )
}

function empty({ area, paint }: SidebarLook): readonly string[] {
  return [paint('quiet', ' no chats yet'.padEnd(area.width - 2))]
}

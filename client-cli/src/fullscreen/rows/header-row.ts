import type { Look } from '../../chat/message-lines.ts'
import { countdown } from '../../text/duration.ts'
import { safeLine } from '../../text/safe-text.ts'
import { type ScreenState, unreadCount } from '../model/state.ts'
import { waitingOf } from '../model/waiting.ts'
import { joined, type Painted, painted, sides } from './cells.ts'
import { leastForSidebar } from './layout.ts'

export interface HeaderLook extends Omit<Look, 'columns'> {
  readonly columns: number
  readonly nowMs: number
  /** Named where it is not simply the name of the person. */
  readonly profile: string
}

/** Who, where, how well connected; at the right what waits. What matters least goes first where it is narrow. */
export function headerRow(state: ScreenState, look: HeaderLook): string {
  const { columns } = look
  const end = joined(
    [unreadPart(state, look), waitingPart(state, look)].filter(({ width }) => width > 0),
    '  ',
  )
  const parts = [
    { least: 90, part: painted('fastchat', look.paint('strong', 'fastchat')) },
    { least: 0, part: whoPart(state, look) },
    { least: 50, part: serverPart(state, look) },
    { least: 0, part: connectionPart(state, look) },
  ]
  const shown = parts.flatMap(({ least, part }) =>
    columns >= least && part !== undefined ? [part] : [],
  )
  return ` ${sides({ left: 1, width: columns - 2 }, [joined(shown, '  '), end])}`
}

function whoPart({ me }: ScreenState, { profile, columns }: HeaderLook): Painted {
  const name = `@${safeLine(me)}`
  const isTold = profile === me || profile === 'default' || columns < 70
  return painted(isTold ? name : `${name} (${safeLine(profile)})`)
}

function serverPart(
  { heard, pingMs }: ScreenState,
  { paint, columns }: HeaderLook,
): Painted | undefined {
  if (heard.kind !== 'connected') return undefined
  const server = `srv-${safeLine(heard.serverId)}`
  if (pingMs === undefined || columns < 70) return painted(server)
  const ping = `${pingMs < 10 ? pingMs.toFixed(1) : Math.round(pingMs)} ms`
  return painted(`${server}  ${ping}`, `${server}  ${paint('quiet', ping)}`)
}

function connectionPart(state: ScreenState, { marks, paint }: HeaderLook): Painted {
  const { heard } = state
  const queued = waitingOf(state).queued
  const kept = queued === 0 ? '' : `, ${queued} queued`
  switch (heard.kind) {
    case 'connected':
      return painted(
        `${marks.up} connected`,
        `${paint('good', marks.up)} ${paint('quiet', 'connected')}`,
      )
    case 'nothing':
      return painted(
        `${marks.draining} connecting`,
        paint('waiting', `${marks.draining} connecting`),
      )
    case 'offline':
      return painted(`${marks.down} offline${kept}`, paint('bad', `${marks.down} offline${kept}`))
    case 'stopped':
      return painted(`${marks.down} stopped`, paint('bad', `${marks.down} stopped`))
  }
}

/** Where there is no list that shows it. */
function unreadPart(state: ScreenState, { paint, columns }: HeaderLook): Painted {
  const count = columns < leastForSidebar ? unreadCount(state) : 0
  return count === 0 ? painted('') : painted(`${count} new`, paint('accent', `${count} new`))
}

function waitingPart(state: ScreenState, { paint, columns, nowMs }: HeaderLook): Painted {
  const { count, nextExpiryMs } = waitingOf(state)
  if (nextExpiryMs === undefined) return painted('')
  const left = countdown(nextExpiryMs - nowMs)
  const words =
    columns >= 80 ? `${count} waiting, next expires ${left}` : `${count} waiting ${left}`
  return painted(words, paint('waiting', words))
}

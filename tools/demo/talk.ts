import type { ChatClient } from '@fastchat/client-core'
import type { Seeded } from './seeded.ts'

export interface Talk {
  stop(): void
}

export interface TalkOptions {
  readonly lines: { readonly team: readonly string[]; readonly private: readonly string[] }
  readonly team: { readonly conversation: string; readonly speakers: readonly ChatClient[] }
  /** Written to, and not there: what they get expires. */
  readonly away: readonly string[]
  readonly chance: Seeded
  readonly speed: number
}

/** Seconds between two messages. */
const pace = { private: [0.8, 2.5], team: [14, 30], away: [5, 12] } as const

/** A trickle of messages between the bots: something to see for whoever watches the servers. */
export function startTalk({ lines, team, away, chance, speed }: TalkOptions): Talk {
  const timers = new Set<NodeJS.Timeout>()
  const again = ([least, most]: readonly [number, number], say: () => Promise<unknown>) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      // A bot may be between two servers: the next line comes all the same.
      say().catch(() => undefined)
      again([least, most], say)
    }, chance.between(least, most) * 1000)
    timers.add(timer)
  }
  const [one, other] = team.speakers
  if (one === undefined || other === undefined) throw new Error('It takes two to talk.')

  let turn = 0
  again(pace.private, () => {
    turn += 1
    const [from, to] = turn % 2 === 0 ? [one, other] : [other, one]
    return from.send(to.username ?? '', { text: chance.pick(lines.private) })
  })
  let line = Math.floor(chance.next() * lines.team.length)
  again(pace.team, () => {
    line = (line + 1) % lines.team.length
    return chance.pick(team.speakers).send(team.conversation, { text: lines.team[line] ?? '' })
  })
  const [least, most] = pace.away
  again([least / speed, most / speed], () =>
    one.send(chance.pick(away), { text: chance.pick(lines.private) }),
  )
  return {
    stop() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

import { Failure } from '../failure.ts'
import type { Command } from './command.ts'

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const example = 'Say how long, for example /mute 1h, or /mute off.'

export const mute: Command = {
  name: 'mute',
  aliases: [],
  summary: 'Let the open conversation ring no bell.',
  details: 'For 30m, 8h or 2d; without a time until you leave; "off" ends it. Only in full screen.',
  parameters: [{ name: 'time' }],
  async run({ open, nowMs }, [typed]) {
    if (open === undefined) {
      throw new Failure('usage', 'No conversation is open. Open one first: /open <name>')
    }
    return { kind: 'mute', name: open.to, untilMs: untilOf(typed, nowMs) }
  },
}

function untilOf(typed: string | undefined, nowMs: number): number {
  if (typed === undefined) return Number.POSITIVE_INFINITY
  if (typed.toLowerCase() === 'off') return 0
  const [, amount, unit] = /^(\d{1,4})([mhd])$/i.exec(typed) ?? []
  if (amount === undefined || unit === undefined) throw new Failure('usage', example)
  return nowMs + Number(amount) * units[unit.toLowerCase() as keyof typeof units]
}

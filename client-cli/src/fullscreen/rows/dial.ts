import type { Marks } from '../../text/marks.ts'

/** What servers usually keep a message for; a server that keeps it longer shows a full dial longer. */
const lifetimeMs = 120_000

/** How much of its two minutes a waiting message has left. */
export function dial(leftMs: number, { dials }: Marks): string {
  const part = Math.max(0, Math.min(1, leftMs / lifetimeMs))
  return dials[Math.round(part * (dials.length - 1))] ?? ''
}

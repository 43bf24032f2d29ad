import type { Column } from '#lib/ops/history.ts'

/** The pings of one server. */
export interface PingLine {
  readonly id: number
  readonly name: string
  readonly column: Column
}

/** Told apart by dash as well as by colour; after five the colours begin again with other dashes. */
const dashes: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [12, 4, 3, 4],
  [6, 3, 2, 3, 2, 3],
  [16, 5],
  [1, 5],
]

export function colourOf(serverId: number): string {
  return `var(--line-${((serverId - 1) % 5) + 1})`
}

export function dashOf(serverId: number): readonly number[] {
  return dashes[(serverId - 1) % dashes.length] ?? []
}

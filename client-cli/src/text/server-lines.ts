import type { RankedServer } from '../client.ts'

const words = { UP: 'up', DRAINING: 'draining', DOWN: 'down' } as const

/** A table with the best server first, and the verdict below it. */
export function serverLines(servers: readonly RankedServer[]): readonly string[] {
  const ranked = servers.toSorted((one, other) => rankOf(one) - rankOf(other))
  const rows = ranked.map(({ id, state, pingMs, sockets, url }) => [
    id,
    words[state],
    pingMs === null ? '-' : `${pingMs < 10 ? pingMs.toFixed(1) : Math.round(pingMs)} ms`,
    String(sockets),
    url,
  ])
  const [best] = ranked
  const verdict =
    best === undefined || best.rank === null
      ? 'No server can be used now.'
      : `Fastest: server ${best.id}`
  return [...table([['server', 'state', 'ping', 'sockets', 'address'], ...rows]), verdict]
}

/** Columns as wide as their longest entry; numbers stand at the right of theirs. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return /^\d/.test(cell) ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

function rankOf({ rank }: RankedServer): number {
  return rank ?? Number.POSITIVE_INFINITY
}

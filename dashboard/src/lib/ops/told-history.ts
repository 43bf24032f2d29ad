import type { Operations } from '#lib/api/documents.ts'
import type { History } from './history.ts'

/** What the operations tell over time, as columns. The pings of server 3 are `ping:3`. */
export function toldHistory({ totals, servers }: Operations): History {
  const { until, ...columns } = totals.history
  return {
    until: Math.floor(Date.parse(until) / 1000),
    columns: {
      ...columns,
      ...Object.fromEntries(servers.map(({ id, pingsMs }) => [pingColumn(id), pingsMs])),
    },
  }
}

export function pingColumn(serverId: number): string {
  return `ping:${serverId}`
}

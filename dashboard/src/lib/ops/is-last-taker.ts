import type { ServerOperations } from '#lib/api/documents.ts'

/** Whether nobody else would take people in. */
export function isLastTaker(servers: readonly ServerOperations[], id: number): boolean {
  const takers = servers.filter(({ condition }) => condition === 'UP' || condition === 'SLOW')
  return takers.every((taker) => taker.id === id)
}

import type { Alert, Circumstances } from './find-alerts.ts'
import { capital, clock, count, millis, percent } from './words.ts'

export interface Verdict {
  readonly state: 'OK' | 'DEGRADED' | 'DOWN'
  /** How many servers are well. */
  readonly headline: string
  /** What is not; null when nothing is. */
  readonly detail: string | null
  /** Both. */
  readonly sentence: string
}

/** The first thing an operator reads, and for most days the only one. */
export function giveVerdict(now: Circumstances, alerts: readonly Alert[]): Verdict {
  const isDown = alerts.some(({ kind }) => kind === 'DATABASE_DOWN' || kind === 'NO_SERVER')
  const headline = headlineOf(now, isDown)
  const details = [...now.servers.map(aboutServer), ...aboutTheRest(now, alerts)]
  const detail = details.filter((text) => text !== null).join(' ') || null
  return {
    state: isDown ? 'DOWN' : alerts.length > 0 ? 'DEGRADED' : 'OK',
    headline,
    detail,
    sentence: detail === null ? headline : `${headline} ${detail}`,
  }
}

function headlineOf({ databaseAnswers, servers }: Circumstances, isDown: boolean): string {
  if (!databaseAnswers) return 'The database does not answer.'
  if (isDown) return 'No server takes clients.'
  const healthy = servers.filter(({ condition }) => condition === 'UP').length
  if (servers.length === 1)
    return healthy === 1 ? 'The only server is healthy.' : 'The only server is not healthy.'
  if (healthy === servers.length) return `All ${count(servers.length)} servers healthy.`
  return capital(`${count(healthy)} of ${count(servers.length)} servers healthy.`)
}

function aboutServer({ id, condition, slowness, sockets, pool }: Circumstances['servers'][number]) {
  switch (condition) {
    case 'UP':
      return null
    case 'DOWN':
      return `Server ${id} does not answer.`
    case 'DRAINING':
      return `Server ${id} is draining, ${sockets} left.`
    case 'DRAINED':
      return `Server ${id} is drained.`
    case 'SLOW': {
      const isFull = pool !== null && pool.used >= pool.max
      const ping = slowness === null ? '' : `: ping p99 ${millis(slowness.pingP99Ms)}`
      return `Server ${id} is slow${ping}${isFull ? ', database pool full' : ''}.`
    }
  }
}

function aboutTheRest(
  { waiting: { oldestMs, limitMs }, totals }: Circumstances,
  alerts: readonly Alert[],
): string[] {
  const has = (kind: Alert['kind']) => alerts.some((alert) => alert.kind === kind)
  return [
    has('BALANCER_DOWN') ? 'The balancer does not run.' : '',
    has('OLDEST_WAITING')
      ? `The oldest message has waited ${clock(oldestMs ?? 0)} of ${clock(limitMs)}.`
      : '',
    has('ERROR_SHARE') ? `${percent(totals.errorShare)} of operations fail.` : '',
    has('EXPIRED_SHARE') ? 'Many messages expire.' : '',
    has('SWEEPER_LATE') ? 'The sweeper is late.' : '',
    ...alerts
      .filter(({ kind }) => kind === 'LOOP_DELAY' || kind === 'POOL_FULL')
      .map(({ title }) => title),
  ].filter((text) => text !== '')
}

import { byteCount } from '../text/byte-count.ts'
import type { Marks } from '../text/marks.ts'
import { table } from '../text/server-lines.ts'
import type { Paint, Tone } from '../text/style.ts'
import type { OperationsAnswer, ServerAnswer } from './operations-answer.ts'

export interface Look {
  readonly marks: Marks
  readonly paint: Paint
}

const listedRecipients = 5
const widestBar = 30

/** One look at everything, as lines. What a server wrote has to be made safe by whoever prints them. */
export function topLines(operations: OperationsAnswer, look: Look): readonly string[] {
  const { verdict, alerts, outcomes } = operations
  return [
    look.paint(verdict.state === 'OK' ? 'good' : 'bad', verdict.sentence),
    ...alerts.map(({ title, advice }) => `${look.marks.failed} ${title} ${advice}`),
    '',
    totalsLine(operations),
    `last minute: ${outcomes.atOnce} delivered at once, ${outcomes.fromStore} from the store, ${outcomes.expired} expired`,
    '',
    ...serverTable(operations.servers, look),
    '',
    ...waitingLines(operations.waiting, look),
  ]
}

export function serverTable(servers: readonly ServerAnswer[], { marks, paint }: Look): string[] {
  const [head = '', ...rows] = table([
    [
      'server',
      'state',
      'ping p50',
      'p99',
      'picked',
      'sockets',
      'loop p99',
      'pool',
      'memory',
      'cpu',
    ],
    ...servers.map((server) => [
      String(server.id),
      `${markOf(server.condition, marks)} ${server.condition.toLowerCase()}`,
      millis(server.pingP50Ms),
      millis(server.pingP99Ms),
      share(server.pickShare),
      String(server.sockets),
      millis(server.loopDelayP99Ms),
      server.pool === null ? '-' : `${server.pool.used}/${server.pool.max}`,
      server.memoryBytes === null ? '-' : byteCount(server.memoryBytes),
      share(server.cpuShare),
    ]),
  ])
  return [
    paint('quiet', head),
    ...rows.map((row, index) => paint(toneOf(servers[index]?.condition ?? ''), row)),
  ]
}

function totalsLine({ totals, waiting }: OperationsAnswer): string {
  const oldest = waiting.oldestMs === null ? '' : `, the oldest ${clock(waiting.oldestMs)}`
  return [
    `${rate(totals.sendsPerSecond)} sent/s`,
    `${rate(totals.deliveriesPerSecond)} delivered/s`,
    `${waiting.messages} waiting${oldest} of ${clock(waiting.limitMs)}`,
    `${totals.expiredPerMinute} expired/min`,
    `${rate(totals.errorShare * 100)} % errors`,
  ].join('   ')
}

function waitingLines({ ages, recipients }: OperationsAnswer['waiting'], look: Look): string[] {
  const most = Math.max(1, ...ages.map(({ messages }) => messages))
  const bar = look.marks.isAscii ? '#' : '█'
  const bars = ages.map(({ fromMs, messages }) => {
    const from = `from ${clock(fromMs)}`.padEnd(10)
    return `${from} ${bar.repeat(Math.ceil((messages / most) * widestBar))} ${messages}`
  })
  if (recipients.length === 0) return [look.paint('quiet', 'Nothing waits.')]
  const rows = recipients
    .slice(0, listedRecipients)
    .map(({ recipient, messages, bytes, oldestMs }) => [
      recipient,
      String(messages),
      byteCount(bytes),
      clock(oldestMs),
    ])
  return [
    look.paint('quiet', 'waiting by age'),
    ...bars,
    '',
    ...table([['waiting for', 'messages', 'bytes', 'oldest'], ...rows]),
  ]
}

function markOf(condition: string, marks: Marks): string {
  const known: Readonly<Record<string, string>> = {
    UP: marks.up,
    SLOW: marks.failed,
    DRAINING: marks.draining,
    DRAINED: marks.draining,
    DOWN: marks.expired,
  }
  return known[condition] ?? '?'
}

function toneOf(condition: string): Tone {
  if (condition === 'UP') return 'strong'
  return condition === 'DOWN' ? 'bad' : 'waiting'
}

function millis(ms: number | null): string {
  if (ms === null) return '-'
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
}

function share(value: number | null): string {
  return value === null ? '-' : `${Math.round(value * 100)} %`
}

function rate(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}

/** `1:47`; rounded down, because it has waited so long. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

import { historySeconds } from '../domain/operations/axis.ts'
import type { BalancerOperations, ServerOperations } from '../domain/operations/operations.ts'
import type { DrainOrder } from '../store/servers.ts'
import { builder } from './builder.ts'
import { operatorsOnly, round, whole } from './operator-type.ts'

const ServerCondition = builder.enumType('ServerCondition', {
  description: 'How a server does. Clients must tolerate new members.',
  values: {
    UP: { description: 'Takes clients, and is as quick as the others.' },
    SLOW: {
      description: 'Takes clients, but its ping p99 is more than five times that of the others.',
    },
    DRAINING: { description: 'Sends its clients elsewhere.' },
    DRAINED: { description: 'Has no clients any more. Up until it is resumed or stopped.' },
    DOWN: { description: 'Does not answer, or its database does not.' },
  },
})

const DrainOrderRef = builder.objectRef<DrainOrder>('DrainOrder').implement({
  ...operatorsOnly,
  description: 'An operator wants this server drained.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'Since when.' }),
    by: t.exposeString('by', { description: 'The operator.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, if it was said.' }),
  }),
})

const PoolRef = builder.objectRef<NonNullable<ServerOperations['pool']>>('DatabasePool').implement({
  ...operatorsOnly,
  description: 'Connections of one server to the database.',
  fields: (t) => ({
    used: t.exposeInt('used', { description: 'In use.' }),
    max: t.exposeInt('max', { description: 'At most.' }),
    waiting: t.exposeInt('waiting', { description: 'Requests that wait for one.' }),
  }),
})

export const secondsArgument = {
  required: true,
  defaultValue: historySeconds,
  description: `How many, 1 to ${historySeconds}. Ask for all once and for a few after that.`,
} as const

export function latest<T>(column: readonly T[], seconds: number): T[] {
  return column.slice(-Math.min(Math.max(seconds, 1), historySeconds))
}

export const ServerOperationsRef = builder
  .objectRef<ServerOperations>('ServerOperations')
  .implement({
    ...operatorsOnly,
    description: 'A server as an operator sees it.',
    fields: (t) => ({
      // Not a Relay id: people know the servers by their numbers.
      id: t.exposeInt('id', { description: 'The number of the server, 1 or more.' }),
      url: t.exposeString('url', { description: 'Where clients reach it.' }),
      condition: t.expose('condition', { type: ServerCondition, description: 'How it does.' }),
      rank: t.exposeInt('rank', {
        nullable: true,
        description:
          "Its place in the balancer's order, 1 is the best; null when it takes no clients.",
      }),
      drain: t.expose('drain', {
        type: DrainOrderRef,
        nullable: true,
        description:
          'Set from drainServer until resumeServer, or until the server is started again.',
      }),
      pingP50Ms: t.float({
        nullable: true,
        description: 'Median ping of the last minute in milliseconds; null without an answer.',
        resolve: ({ pingP50Ms }) => pingP50Ms && round(pingP50Ms),
      }),
      pingP99Ms: t.float({
        nullable: true,
        description: 'The ping that 99 of 100 of the last minute stay below, in milliseconds.',
        resolve: ({ pingP99Ms }) => pingP99Ms && round(pingP99Ms),
      }),
      pingsMs: t.field({
        type: ['Float'],
        nullable: { list: false, items: true },
        complexity: { field: 1, multiplier: 1 },
        description:
          'A ping for each second, the oldest first; the last one belongs to totals.history.until. Null: no answer, or nobody asked.',
        args: { seconds: t.arg.int(secondsArgument) },
        resolve: ({ pings }, { seconds }) =>
          latest(pings, seconds).map((ping) => ping && round(ping)),
      }),
      pickShare: t.float({
        nullable: true,
        description:
          'Its share of the clients that were sent to a server in five minutes, 0 to 1; null when nobody was.',
        resolve: ({ pickShare }) => pickShare && Math.round(pickShare * 1000) / 1000,
      }),
      sockets: t.exposeInt('sockets', { description: 'Sockets that are open.' }),
      subscriptions: t.exposeInt('subscriptions', { description: 'Subscriptions on them.' }),
      loopDelayP99Ms: t.exposeFloat('loopDelayP99Ms', {
        nullable: true,
        description: 'How late its event loop is, p99 in milliseconds, the worst of five seconds.',
      }),
      pool: t.expose('pool', {
        type: PoolRef,
        nullable: true,
        description: 'Its connections to the database.',
      }),
      memoryBytes: t.exposeFloat('memoryBytes', {
        nullable: true,
        description: 'Resident memory in bytes.',
      }),
      cpuShare: t.float({
        nullable: true,
        description: 'Of one core, 0 to 1 and more, over five seconds.',
        resolve: ({ cpuShare }) => cpuShare && round(cpuShare),
      }),
      version: t.exposeString('version', {
        description: 'The version of FastChat that runs there.',
      }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
      uptimeMs: t.float({
        description: 'Milliseconds since then; 0 when it does not answer.',
        resolve: ({ uptimeMs }) => whole(uptimeMs) ?? 0,
      }),
      sampledAt: t.expose('sampledAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it last spoke of itself, which it does each second.',
      }),
    }),
  })

export const BalancerOperationsRef = builder
  .objectRef<BalancerOperations>('BalancerOperations')
  .implement({
    ...operatorsOnly,
    description: 'The balancer as an operator sees it.',
    fields: (t) => ({
      isUp: t.exposeBoolean('isUp', {
        description: 'Whether it spoke of itself in the last seconds.',
      }),
      seenAt: t.expose('seenAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it last did; null when there never was one.',
      }),
      version: t.exposeString('version', {
        nullable: true,
        description: 'The version of FastChat that it runs.',
      }),
    }),
  })

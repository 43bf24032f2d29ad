import { z } from 'zod'
import { UnauthenticatedError } from '../domain/errors.ts'
import { historySeconds } from '../domain/operations/axis.ts'
import { type Alert, alertKinds } from '../domain/operations/find-alerts.ts'
import { followOperations, intervalBounds } from '../domain/operations/follow-operations.ts'
import type { Verdict } from '../domain/operations/give-verdict.ts'
import type {
  AgeBucket,
  ErrorCount,
  Operations,
  OutcomeFlow,
  SweeperRun,
  Totals,
  Waiting,
  WaitingRecipient,
} from '../domain/operations/operations.ts'
import { builder } from './builder.ts'
import { AuditEntryRef } from './operations-actions.ts'
import {
  BalancerOperationsRef,
  latest,
  ServerOperationsRef,
  secondsArgument,
} from './operations-servers.ts'
import { listOf, operatorsOnly, round, whole } from './operator-type.ts'

const VerdictState = builder.enumType('VerdictState', {
  description: 'How the whole does.',
  values: {
    OK: { description: 'Nothing to do.' },
    DEGRADED: { description: 'People can chat, and something wants a look.' },
    DOWN: { description: 'People cannot chat.' },
  },
})

const VerdictRef = builder.objectRef<Verdict>('Verdict').implement({
  ...operatorsOnly,
  description: 'How things are, in a sentence.',
  fields: (t) => ({
    state: t.expose('state', { type: VerdictState, description: 'For a colour and a shape.' }),
    headline: t.exposeString('headline', { description: 'How many servers are healthy.' }),
    detail: t.exposeString('detail', {
      nullable: true,
      description: 'What is not as it should be; null when everything is.',
    }),
    sentence: t.exposeString('sentence', { description: 'Both together.' }),
  }),
})

const TotalsHistoryRef = builder.objectRef<Operations>('TotalsHistory').implement({
  ...operatorsOnly,
  description: 'Columns with a value for each second, the oldest first. All are as long.',
  fields: (t) => {
    const column = (
      description: string,
      read: (history: Totals['history']) => readonly (number | null)[],
    ) =>
      t.field({
        type: ['Float'],
        nullable: { list: false, items: true },
        description,
        complexity: { field: 1, multiplier: 1 },
        args: { seconds: t.arg.int(secondsArgument) },
        resolve: ({ totals }, { seconds }) =>
          latest(read(totals.history), seconds).map((value) => value && round(value)),
      })
    return {
      until: t.field({
        type: 'DateTime',
        description:
          'The beginning of the last second; each second before it is one place before it.',
        resolve: ({ at }) => new Date(Math.floor(at.getTime() / 1000) * 1000 - 1000),
      }),
      sends: column('Messages stored.', ({ sends }) => sends),
      deliveries: column('Deliveries acknowledged.', ({ deliveries }) => deliveries),
      expired: column('Deliveries expired.', ({ expired }) => expired),
      operations: column('Operations that arrived.', ({ operations }) => operations),
      errors: column('Operations that failed by a fault.', ({ errors }) => errors),
      waiting: column('Messages waiting; null where nobody measured.', ({ waiting }) => waiting),
      oldestMs: column(
        'Age of the oldest in milliseconds, 0 where nothing waited.',
        (history) => history.oldestMs,
      ),
    }
  },
})

const TotalsRef = builder.objectRef<Operations>('Totals').implement({
  ...operatorsOnly,
  description: 'All servers together. Rates are means of five seconds.',
  fields: (t) => {
    const figure = (description: string, read: (totals: Totals) => number) =>
      t.float({ description, resolve: ({ totals }) => round(read(totals)) })
    return {
      sendsPerSecond: figure('Messages stored.', (totals) => totals.sendsPerSecond),
      deliveriesPerSecond: figure(
        'Deliveries acknowledged, one for each device.',
        (totals) => totals.deliveriesPerSecond,
      ),
      expiredPerMinute: figure(
        'Deliveries that expired in the last minute.',
        (totals) => totals.expiredPerMinute,
      ),
      operationsPerSecond: figure(
        'Queries, mutations and subscriptions that arrived.',
        (totals) => totals.operationsPerSecond,
      ),
      errorsPerSecond: figure(
        'Those that failed by a fault: INTERNAL or SERVICE_UNAVAILABLE.',
        (totals) => totals.errorsPerSecond,
      ),
      errorShare: t.float({
        description: 'Their share of the last minute, 0 to 1.',
        resolve: ({ totals }) => Math.round(totals.errorShare * 10_000) / 10_000,
      }),
      history: t.field({
        type: TotalsHistoryRef,
        description: `The same for each of the last ${historySeconds} seconds.`,
        resolve: (operations) => operations,
      }),
    }
  },
})

const AgeBucketRef = builder.objectRef<AgeBucket>('AgeBucket').implement({
  ...operatorsOnly,
  description: 'A tenth of the lifetime: 12 seconds of 120.',
  fields: (t) => ({
    fromMs: t.exposeFloat('fromMs', { description: 'At least so old, in milliseconds.' }),
    toMs: t.exposeFloat('toMs', { description: 'Younger than this.' }),
    messages: t.exposeInt('messages', { description: 'So many wait.' }),
  }),
})

const WaitingRecipientRef = builder.objectRef<WaitingRecipient>('WaitingRecipient').implement({
  ...operatorsOnly,
  description: 'Somebody that messages wait for. Never who sent them.',
  fields: (t) => ({
    recipient: t.exposeID('recipient', {
      description:
        'A pseudonym, another one each day (UTC). revealRecipient tells the name, which is noted.',
    }),
    messages: t.exposeInt('messages', { description: 'So many wait.' }),
    bytes: t.exposeFloat('bytes', { description: 'Bytes of ciphertext.' }),
    oldestMs: t.float({
      description: 'How long the oldest has waited, in milliseconds.',
      resolve: ({ oldestMs }) => Math.round(oldestMs),
    }),
  }),
})

const WaitingRef = builder.objectRef<Waiting>('Waiting').implement({
  ...operatorsOnly,
  description:
    'Messages that are stored and not yet fetched, measured each second. One that waits for two devices counts twice.',
  fields: (t) => ({
    messages: t.exposeInt('messages', { description: 'So many wait.' }),
    bytes: t.exposeFloat('bytes', { description: 'Bytes of ciphertext.' }),
    oldestMs: t.float({
      nullable: true,
      description: 'How long the oldest has waited, in milliseconds; null when none waits.',
      resolve: ({ oldestMs }) => whole(oldestMs),
    }),
    limitMs: t.exposeInt('limitMs', { description: 'After so long a message is deleted.' }),
    ages: t.field({
      type: [AgeBucketRef],
      description: 'Ten buckets, the youngest first.',
      complexity: listOf(10),
      resolve: ({ ages }) => [...ages],
    }),
    recipientCount: t.exposeInt('recipientCount', {
      description: 'Accounts that anything waits for.',
    }),
    recipients: t.field({
      type: [WaitingRecipientRef],
      description: 'Those that most waits for, at most 20.',
      complexity: listOf(20),
      resolve: ({ recipients }) => [...recipients],
    }),
  }),
})

const OutcomeFlowRef = builder.objectRef<OutcomeFlow>('OutcomeFlow').implement({
  ...operatorsOnly,
  description: 'What became of deliveries in the last minute.',
  fields: (t) => ({
    atOnce: t.exposeInt('atOnce', {
      description: 'Delivered; the recipient was there when it was stored.',
    }),
    fromStore: t.exposeInt('fromStore', {
      description: 'Delivered after it had waited for the recipient to come.',
    }),
    expired: t.exposeInt('expired', { description: 'Deleted unread; the senders were told.' }),
  }),
})

const ErrorCountRef = builder.objectRef<ErrorCount>('ErrorCount').implement({
  ...operatorsOnly,
  description: 'How often something was declined.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'An ErrorCode, of any version that runs.' }),
    perMinute: t.exposeInt('perMinute', { description: 'In the last minute.' }),
  }),
})

const SweeperRunRef = builder.objectRef<SweeperRun>('SweeperRun').implement({
  ...operatorsOnly,
  description:
    'The sweeper: writes down what expired and empties what is dead. Any server may be it.',
  fields: (t) => ({
    lastRunAt: t.expose('lastRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last ran; null: never.',
    }),
    lastExpired: t.exposeInt('lastExpired', { description: 'Deliveries it then found expired.' }),
    lastTookMs: t.exposeInt('lastTookMs', { description: 'Milliseconds that took.' }),
    lastTruncatedAt: t.expose('lastTruncatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last emptied a part of the store.',
    }),
    nextRunAt: t.expose('nextRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next run is due.',
    }),
  }),
})

const AlertKind = builder.enumType('AlertKind', {
  description: 'Which rule fired. Clients must tolerate new members.',
  values: alertKinds,
})

const AlertSeverity = builder.enumType('AlertSeverity', {
  description: 'How bad it is.',
  values: {
    WARNING: { description: 'Wants a look.' },
    CRITICAL: { description: 'Wants a hand, now.' },
  },
})

const AlertRef = builder.objectRef<Alert>('Alert').implement({
  ...operatorsOnly,
  description: 'Something is not as it should be. It goes away by itself when it is over.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AlertKind, description: 'Which rule fired.' }),
    severity: t.expose('severity', { type: AlertSeverity, description: 'How bad it is.' }),
    serverId: t.exposeInt('serverId', {
      nullable: true,
      description: 'The server, if it is about one.',
    }),
    title: t.exposeString('title', { description: 'What is wrong.' }),
    advice: t.exposeString('advice', { description: 'What to do.' }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when, as far as is known.',
    }),
  }),
})

const auditPage = { usual: 20, most: 100 }

export const OperationsRef = builder.objectRef<Operations>('Operations').implement({
  ...operatorsOnly,
  description: 'Everything an operator sees. Any server and the balancer answer alike.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'The moment it is about.' }),
    answeredBy: t.exposeInt('answeredBy', {
      description: 'Who answers: a server, or 0 for the balancer.',
    }),
    verdict: t.expose('verdict', { type: VerdictRef, description: 'How things are.' }),
    balancer: t.expose('balancer', { type: BalancerOperationsRef, description: 'The balancer.' }),
    servers: t.field({
      type: [ServerOperationsRef],
      description: 'Every server, by number.',
      complexity: listOf(8),
      resolve: ({ servers }) => [...servers],
    }),
    totals: t.field({
      type: TotalsRef,
      description: 'All servers together.',
      resolve: (operations) => operations,
    }),
    waiting: t.expose('waiting', { type: WaitingRef, description: 'What waits.' }),
    outcomes: t.expose('outcomes', {
      type: OutcomeFlowRef,
      description: 'What became of deliveries.',
    }),
    errors: t.field({
      type: [ErrorCountRef],
      description: 'What was declined in the last minute, the most frequent first.',
      complexity: listOf(5),
      resolve: ({ errors }) =>
        errors.map(({ code, perMinute }) => ({ code, perMinute: Math.round(perMinute) })),
    }),
    sweeper: t.expose('sweeper', { type: SweeperRunRef, description: 'The sweeper.' }),
    alerts: t.field({
      type: [AlertRef],
      description: 'What is wrong now, the worst first.',
      complexity: listOf(5),
      resolve: ({ alerts }) => [...alerts],
    }),
    audit: t.field({
      type: [AuditEntryRef],
      description: 'What operators did, the latest first.',
      args: {
        first: t.arg.int({
          required: true,
          defaultValue: auditPage.usual,
          description: `How many, 1 to ${auditPage.most}.`,
          validate: z.int().min(1, 'at least 1').max(auditPage.most, `at most ${auditPage.most}`),
        }),
      },
      complexity: ({ first }) => ({ field: 1, multiplier: first }),
      resolve: async (_operations, { first }, { deps }) => [
        ...(await deps.store.audit.listEntries(first)),
      ],
    }),
  }),
})

builder.queryField('operations', (t) =>
  t.withAuth({ operator: true }).field({
    type: OperationsRef,
    description: 'How all servers do. For operators.',
    resolve: (_root, _args, { deps }) => deps.desk.look(),
  }),
)

builder.subscriptionField('operations', (t) =>
  t.withAuth({ operator: true }).field({
    type: OperationsRef,
    description:
      'The same, again and again. A change of the verdict does not wait. Ends with UNAUTHENTICATED when the session does.',
    args: {
      intervalMs: t.arg.int({
        required: true,
        defaultValue: intervalBounds.usualMs,
        description: `Milliseconds from one to the next, ${intervalBounds.leastMs} to ${intervalBounds.mostMs}.`,
        validate: z
          .int()
          .min(intervalBounds.leastMs, `at least ${intervalBounds.leastMs}`)
          .max(intervalBounds.mostMs, `at most ${intervalBounds.mostMs}`),
      }),
    },
    subscribe: (_root, { intervalMs }, { deps, operator }) =>
      followOperations(deps, operator, intervalMs),
    resolve: (told) => {
      if (told instanceof UnauthenticatedError) throw told
      return told
    },
  }),
)

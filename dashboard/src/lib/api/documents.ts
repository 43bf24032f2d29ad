import type { ResultOf } from 'gql.tada'
import { graphql } from './graphql.ts'

/** Everything the screen shows. `seconds`: how much of what is told over time. */
const operationsFields = graphql(`
  fragment OperationsFields on Operations {
    at
    answeredBy
    verdict { state headline detail }
    balancer { isUp seenAt version }
    servers {
      id url condition rank
      drain { at by reason }
      pingP50Ms pingP99Ms pickShare sockets subscriptions loopDelayP99Ms
      pingsMs(seconds: $seconds)
      pool { used max waiting }
      memoryBytes cpuShare version uptimeMs sampledAt
    }
    totals {
      sendsPerSecond deliveriesPerSecond expiredPerMinute errorShare
      history {
        until
        sends(seconds: $seconds)
        deliveries(seconds: $seconds)
        expired(seconds: $seconds)
        operations(seconds: $seconds)
        errors(seconds: $seconds)
        waiting(seconds: $seconds)
        oldestMs(seconds: $seconds)
      }
    }
    waiting {
      messages bytes oldestMs limitMs recipientCount
      ages { fromMs toMs messages }
      recipients { recipient messages bytes oldestMs }
    }
    outcomes { atOnce fromStore expired }
    errors { code perMinute }
    sweeper { lastRunAt lastExpired lastTookMs lastTruncatedAt nextRunAt }
    alerts { kind severity serverId title advice since }
    audit(first: 30) { at operator action serverId recipient reason }
  }
`)

export const operationsQuery = graphql(
  `query Operations($seconds: Int!) { operations { ...OperationsFields } }`,
  [operationsFields],
)

export const operationsSubscription = graphql(
  `subscription Operations($seconds: Int!, $intervalMs: Int!) {
    operations(intervalMs: $intervalMs) { ...OperationsFields }
  }`,
  [operationsFields],
)

export const signIn = graphql(`
  mutation SignIn($input: SignInOperatorInput!) {
    signInOperator(input: $input) {
      __typename
      ... on SignInOperatorPayload { token name expiresAt }
      ... on UserError { message }
      ... on WrongPasswordError { attemptsLeft }
      ... on TooManyAttemptsError { retryAfterMs }
      ... on RateLimitedError { retryAfterMs }
    }
  }
`)

export const signOut = graphql(`
  mutation SignOut { signOutOperator { __typename ... on UserError { message } } }
`)

export const drain = graphql(`
  mutation Drain($input: DrainServerInput!) {
    drainServer(input: $input) { __typename ... on UserError { message } }
  }
`)

export const resume = graphql(`
  mutation Resume($input: ResumeServerInput!) {
    resumeServer(input: $input) { __typename ... on UserError { message } }
  }
`)

export const reveal = graphql(`
  mutation Reveal($input: RevealRecipientInput!) {
    revealRecipient(input: $input) {
      __typename
      ... on RevealRecipientPayload { username }
      ... on UserError { message }
    }
  }
`)

export type Operations = ResultOf<typeof operationsQuery>['operations']
export type ServerOperations = Operations['servers'][number]
export type Condition = ServerOperations['condition']
export type Alert = Operations['alerts'][number]
export type AuditEntry = Operations['audit'][number]

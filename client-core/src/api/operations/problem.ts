import { graphql } from '../graphql.ts'

/**
 * What a declined mutation says. The members are spread inside the interface, so that the one
 * fragment fits every result union, whichever of the members that union has.
 */
export const problem = graphql(`
  fragment Problem on UserError @_unmask {
    code
    message
    ... on InvalidInputError { field }
    ... on WrongPasswordError { attemptsLeft }
    ... on TooManyAttemptsError { retryAfterMs }
    ... on RateLimitedError { retryAfterMs }
    ... on PayloadTooLargeError { limit }
    ... on StaleDeviceListError { username currentVersion }
    ... on StaleRosterError { groupId currentVersion }
    ... on MailboxFullError { deviceIds }
  }
`)

import { ChatError } from '@fastchat/client-core'

/** What to tell a person about anything that was thrown. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof ChatError)) {
    return 'Something unexpected happened in this app. Reload the page and try again.'
  }
  const { retryAfterMs, incidentId } = error.details
  const retry =
    retryAfterMs === undefined ? '' : ` Try again in ${Math.ceil(retryAfterMs / 1000)} s.`
  const incident = incidentId === undefined ? '' : ` The incident is ${incidentId}.`
  return `${error.message}${retry}${incident}`
}

import { Failure } from '../failure.ts'
import { inWords } from '../text/duration.ts'

const answerWithinMs = 5000

/** Asks as an operator. Not through the client core, which is for people who chat. */
export async function askServer<Data>(
  url: string,
  query: string,
  options: { readonly variables?: object; readonly token?: string } = {},
): Promise<Data> {
  const answer = await post(url, query, options)
  const [error] = answer.errors ?? []
  if (error !== undefined) throw failureOf(error.message, error.extensions)
  if (answer.data == null) throw noAnswer(url)
  return answer.data as Data
}

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number }
  }[]
}

async function post(
  url: string,
  query: string,
  { variables = {}, token }: { readonly variables?: object; readonly token?: string },
): Promise<Answer> {
  try {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(answerWithinMs),
      // The token is for this server and for no other.
      redirect: 'error',
    })
    return (await response.json()) as Answer
  } catch (cause) {
    throw noAnswer(url, cause)
  }
}

export function failureOf(
  message: string,
  { code, retryAfterMs }: { readonly code?: string; readonly retryAfterMs?: number } = {},
): Failure {
  const retry = retryAfterMs === undefined ? '' : ` Try again in ${inWords(retryAfterMs)}.`
  if (code === 'UNAUTHENTICATED')
    return new Failure(
      'not-signed-in',
      'This operator token has ended or never was one. fastchat operator <name> prints a new one.',
    )
  if (code === 'TOO_MANY_ATTEMPTS' || code === 'RATE_LIMITED')
    return new Failure('rate-limited', `${message}${retry}`)
  if (code === 'SERVICE_UNAVAILABLE') return new Failure('unreachable', `${message}${retry}`)
  return new Failure('failed', message)
}

function noAnswer(url: string, cause?: unknown): Failure {
  return new Failure('unreachable', `No FastChat answers at ${url}. Is it running?`, { cause })
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of the first error. */
  readonly code: string | undefined
  readonly errors: readonly { message: string; extensions?: { code?: string } }[]
}

export interface Question {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: NonNullable<RequestInit['body']>
  readonly path?: string
}

export async function ask(url: string, question: Question): Promise<Answer> {
  const response = await fetch(`${url}${question.path ?? '/graphql'}`, {
    method: question.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...question.headers },
    body: question.body ?? null,
    ...(question.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit)
  const text = await response.text()
  const errors = errorsIn(text)
  return {
    status: response.status,
    headers: response.headers,
    text,
    errors,
    code: errors[0]?.extensions?.code,
  }
}

export function query(text: string, variables?: object): Question {
  return { body: JSON.stringify({ query: text, variables }) }
}

function errorsIn(text: string): Answer['errors'] {
  try {
    return (JSON.parse(text) as { errors?: Answer['errors'] }).errors ?? []
  } catch {
    return []
  }
}

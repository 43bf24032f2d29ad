import { deadlineMs } from './until.ts'

export interface RawAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers is what the test looks at.
  readonly data?: Record<string, any> | null
  readonly errors?: readonly { message: string; extensions?: { code?: string } }[]
}

/** Every code with which an answer declines: of its errors and of its results. */
export function codesOf({ data, errors }: RawAnswer): readonly string[] {
  const declined = Object.values(data ?? {}).flatMap((field) =>
    typeof field?.code === 'string' ? [field.code as string] : [],
  )
  return [...(errors ?? []).map(({ extensions }) => extensions?.code ?? 'none'), ...declined]
}

export async function askOverHttp(
  url: string,
  query: string,
  variables: object = {},
  token?: string,
): Promise<RawAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(deadlineMs),
  })
  return (await response.json()) as RawAnswer
}

/** What `fastchat top` shows. The rest of the operations is for the dashboard. */
export interface OperationsAnswer {
  readonly at: string
  readonly verdict: { readonly state: 'OK' | 'DEGRADED' | 'DOWN'; readonly sentence: string }
  readonly servers: readonly ServerAnswer[]
  readonly totals: {
    readonly sendsPerSecond: number
    readonly deliveriesPerSecond: number
    readonly expiredPerMinute: number
    readonly errorShare: number
  }
  readonly waiting: {
    readonly messages: number
    readonly bytes: number
    readonly oldestMs: number | null
    readonly limitMs: number
    readonly ages: readonly { readonly fromMs: number; readonly messages: number }[]
    readonly recipients: readonly {
      readonly recipient: string
      readonly messages: number
      readonly bytes: number
      readonly oldestMs: number
    }[]
  }
  readonly outcomes: {
    readonly atOnce: number
    readonly fromStore: number
    readonly expired: number
  }
  readonly alerts: readonly { readonly title: string; readonly advice: string }[]
}

export interface ServerAnswer {
  readonly id: number
  readonly url: string
  readonly condition: string
  readonly pingP50Ms: number | null
  readonly pingP99Ms: number | null
  readonly pickShare: number | null
  readonly sockets: number
  readonly loopDelayP99Ms: number | null
  readonly pool: { readonly used: number; readonly max: number } | null
  readonly memoryBytes: number | null
  readonly cpuShare: number | null
}

export const operationsDocument = `query Top { operations {
  at
  verdict { state sentence }
  servers { id url condition pingP50Ms pingP99Ms pickShare sockets loopDelayP99Ms pool { used max } memoryBytes cpuShare }
  totals { sendsPerSecond deliveriesPerSecond expiredPerMinute errorShare }
  waiting { messages bytes oldestMs limitMs ages { fromMs messages } recipients { recipient messages bytes oldestMs } }
  outcomes { atOnce fromStore expired }
  alerts { title advice }
} }`

export const signInDocument = `mutation SignInOperator($input: SignInOperatorInput!) { signInOperator(input: $input) {
  ... on SignInOperatorPayload { token }
  ... on UserError { code message }
  ... on TooManyAttemptsError { retryAfterMs }
  ... on RateLimitedError { retryAfterMs }
} }`

/** What every type of the operations has: nobody else sees a field of it, however it may be reached one day. */
export const operatorsOnly = { authScopes: { operator: true } } as const

/** A list that is always as long: its length is not the asker's to choose. */
export const listOf = (length: number) => ({ field: 1, multiplier: length })

/** Times are whole milliseconds. */
export const whole = (ms: number | null) => (ms === null ? null : Math.round(ms))

export const round = (value: number) => Math.round(value * 100) / 100

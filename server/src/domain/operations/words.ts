/** Numbers as people say them, in sentences an operator reads. */
export function millis(ms: number): string {
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
}

export function seconds(ms: number): string {
  const total = Math.max(1, Math.round(ms / 1000))
  return total < 120 ? `${total} s` : `${Math.round(total / 60)} min`
}

/** 1:47 */
export function clock(ms: number): string {
  const total = Math.floor(ms / 1000)
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`
}

export function percent(share: number): string {
  const value = share * 100
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} %`
}

const numbers = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ')

export function count(value: number): string {
  return numbers[value] ?? String(value)
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

import type { Username } from '../brands.ts'

export type UsernameRefusal = 'too-short' | 'too-long' | 'forbidden-character'

export type UsernameResult =
  | { readonly kind: 'valid'; readonly username: Username }
  | { readonly kind: 'refused'; readonly reason: UsernameRefusal; readonly message: string }

const minLength = 3
const maxLength = 32

/** The one place that decides what a username is: 3 to 32 of `a-z 0-9 _ . -`, without case. */
export function normalizeUsername(typed: string): UsernameResult {
  // Before lower-casing, because that turns a few foreign letters (the Kelvin sign) into ours.
  if (!/^[A-Za-z0-9_.-]*$/.test(typed)) {
    return refuse(
      'forbidden-character',
      'A username has only letters a to z, digits, and the signs _ . - in it. Choose another one.',
    )
  }
  if (typed.length < minLength) {
    return refuse('too-short', `A username has at least ${minLength} characters. Add some.`)
  }
  if (typed.length > maxLength) {
    return refuse('too-long', `A username has at most ${maxLength} characters. Shorten it.`)
  }
  return { kind: 'valid', username: typed.toLowerCase() as Username }
}

/** True only of the form that signed data uses: normalised, lower case. */
export function isUsername(value: string): value is Username {
  const result = normalizeUsername(value)
  return result.kind === 'valid' && result.username === value
}

function refuse(reason: UsernameRefusal, message: string): UsernameResult {
  return { kind: 'refused', reason, message }
}

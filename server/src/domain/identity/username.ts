import { InvalidInputError } from '../errors.ts'

const form = /^[a-z0-9_.-]{3,32}$/

/** The form that is kept and signed: lower case. Null if it can be nobody's name. */
export function normalizeUsername(typed: string): string | null {
  // Before lower-casing, because that turns a few foreign letters (the Kelvin sign) into ours.
  if (!/^[A-Za-z0-9_.-]{3,32}$/.test(typed)) return null
  return typed.toLowerCase()
}

export function requireUsername(typed: string): string {
  const username = normalizeUsername(typed)
  if (username === null)
    throw new InvalidInputError(
      'username',
      'A name has 3 to 32 of the letters a to z, digits, and the signs _ . - in it. Choose another.',
    )
  return username
}

export function isUsername(value: string): boolean {
  return form.test(value)
}

/** What a name looks like at a glance. Two names of one skeleton cannot both exist. */
export function skeletonOf(username: string): string {
  return username
    .replace(/[_.-]+/g, '-')
    .replaceAll('0', 'o')
    .replace(/[1i]/g, 'l')
    .replaceAll('5', 's')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

import { z } from 'zod'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** No longer than this. What it has to look like, a rule in domain/ says. */
export const textUpTo = (maxChars: number) =>
  z.string().max(maxChars, `at most ${maxChars} characters`)

/** What others will read on their screens: no control characters, nothing that turns the direction of writing. */
export const printableUpTo = (maxChars: number) =>
  textUpTo(maxChars).refine(
    (text) => text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text),
    'printable characters in one line',
  )

/** Ids are signed as text, so only the lower-case form counts. */
export const uuidText = z.string().regex(uuid, 'a UUID in lower case')

export const bytesUpTo = (max: number) =>
  z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length > 0 && value.length <= max,
    `1 to ${max} bytes`,
  )

/** Ed25519. */
export const signature = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length === 64,
  '64 bytes',
)

/** A number that PostgreSQL keeps as an integer. */
export const versionNumber = z.int().min(1, 'at least 1')

import { createHmac } from 'node:crypto'

const label = 'fastchat/waiting-recipient/v1'
const dayMs = 24 * 3_600_000

export interface Pseudonyms {
  of(clientId: string, at: number): string
  /** Today's or yesterday's, for who looks around midnight. */
  isOf(pseudonym: string, clientId: string, at: number): boolean
}

/**
 * What an operator sees in place of a name. The same at every server, because they share the secret; another one each day, so
 * that a name revealed once cannot be followed for ever.
 */
export function createPseudonyms(secret: Uint8Array): Pseudonyms {
  const of = (clientId: string, at: number) => {
    const day = Math.floor(at / dayMs)
    const tag = createHmac('sha256', secret).update(`${label}/${day}/${clientId}`).digest()
    return tag.subarray(0, 9).toString('base64url')
  }
  return {
    of,
    isOf: (pseudonym, clientId, at) =>
      [at, at - dayMs].some((day) => of(clientId, day) === pseudonym),
  }
}

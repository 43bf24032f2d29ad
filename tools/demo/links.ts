import { createHash, randomBytes } from 'node:crypto'

/** Whom or what a link opens. */
export const doors = ['alice', 'bob', 'desk', 'dashboard', 'playground'] as const
export type Door = (typeof doors)[number]

export interface Links {
  /** A new address, good for one use. What is secret stands behind the #, which no browser sends to anybody. */
  make(door: Door): string
  /** Whom it opens, once; after that it is nobody's. */
  redeem(secret: string): Door | undefined
}

export function createLinks(addressOf: (door: Door) => string): Links {
  // By digest: how long a look-up takes tells nothing of a secret.
  const open = new Map<string, Door>()
  const digest = (secret: string) => createHash('sha256').update(secret).digest('base64url')
  return {
    make(door) {
      const secret = randomBytes(16).toString('base64url')
      open.set(digest(secret), door)
      return `${addressOf(door)}#demo=${secret}`
    },
    redeem(secret) {
      const name = digest(secret)
      const door = open.get(name)
      open.delete(name)
      return door
    },
  }
}

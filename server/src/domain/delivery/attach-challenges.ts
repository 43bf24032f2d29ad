import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { limits } from '../limits.ts'
import type { DeviceViewer } from '../viewer.ts'

/**
 * Nonces that a device signs to attach: bound to the session and to this server, good once and for half a minute. They
 * are not stored; what is stored, here and until they run out, is which were used.
 */
export interface AttachChallenges {
  issue(viewer: DeviceViewer): { readonly challenge: Uint8Array; readonly expiresAt: Date }
  /** True once for a challenge that this server issued to this session and that has not run out. */
  redeem(viewer: DeviceViewer, challenge: Uint8Array): boolean
}

const randomPart = 16
const macPart = 32

export function createAttachChallenges(options: {
  readonly secret: Uint8Array
  readonly serverId: number
  now(): number
}): AttachChallenges {
  const used = new Map<string, number>()

  const mac = (viewer: DeviceViewer, nonce: Uint8Array) =>
    createHmac('sha256', options.secret)
      .update(`fastchat/attach-challenge/v1/${options.serverId}/${viewer.sessionId}/`)
      .update(nonce)
      .digest()

  function forgetOld(now: number): void {
    for (const [key, expiresAt] of used) {
      if (expiresAt > now) return
      used.delete(key)
    }
  }

  return {
    issue(viewer) {
      const expiresAt = new Date(options.now() + limits.challengeMs)
      const nonce = Buffer.alloc(8 + randomPart)
      nonce.writeDoubleBE(expiresAt.getTime())
      randomBytes(randomPart).copy(nonce, 8)
      return { challenge: Buffer.concat([nonce, mac(viewer, nonce)]), expiresAt }
    },
    redeem(viewer, challenge) {
      if (challenge.length !== 8 + randomPart + macPart) return false
      const nonce = Buffer.from(challenge.subarray(0, 8 + randomPart))
      if (!timingSafeEqual(mac(viewer, nonce), challenge.subarray(8 + randomPart))) return false
      const now = options.now()
      const expiresAt = nonce.readDoubleBE()
      const key = nonce.toString('base64url')
      forgetOld(now)
      if (expiresAt <= now || used.has(key)) return false
      used.set(key, expiresAt)
      return true
    },
  }
}

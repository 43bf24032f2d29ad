import type { Username } from '../brands.ts'
import type { DeviceList } from '../crypto/device-list.ts'
import { ChatError } from '../errors.ts'
import type { Trust } from './directory.ts'

/** The list to encrypt for. Throws if there is none that is trusted. */
export function trustedList(username: Username, trust: Trust | undefined): DeviceList {
  switch (trust?.kind) {
    case 'trusted':
      return trust.list
    case 'key-changed':
      throw new ChatError(
        'KEY_CHANGED',
        `The key of ${username} has changed. Compare safety numbers, then accept the new key.`,
        { username },
      )
    case 'not-found':
    case undefined:
      throw new ChatError('NOT_FOUND', `There is no account ${username}. Check the name.`, {
        username,
      })
    case 'refused':
      throw new ChatError(
        'UNTRUSTED_ANSWER',
        `The server gave a device list of ${username} that does not hold. Nothing was sent.`,
        { username },
      )
  }
}

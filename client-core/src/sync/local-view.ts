import type { Bytes } from '../brands.ts'
import { identityFingerprint } from '../crypto/identity-fingerprint.ts'
import type { Directory, Trust } from './directory.ts'
import type { RecordStore } from './record-store.ts'

/** A person this device has met, as it remembers them. */
export interface KnownPerson {
  readonly username: string
  /** 32 bytes that decide how the person's picture looks: another key is another picture. */
  readonly fingerprint: Bytes
  readonly isVerified: boolean
  /** A server offers another identity key; nothing is sent until `acceptKey`. */
  readonly hasNewKey: boolean
}

/** A message that waits at the servers, as they have it. */
export interface SealedCopy {
  readonly envelope: Bytes
  readonly to: readonly { readonly username: string; readonly devices: number }[]
  /** Of all wrapped keys together. */
  readonly keyBytes: number
  /** Absent until a server has accepted it. */
  readonly expiresAtMs?: number
}

export interface LocalPorts {
  readonly store: RecordStore
  readonly directory: Directory
}

/** What this device knows by itself. No server is asked. */
export class LocalView {
  readonly #ports: LocalPorts

  constructor(ports: LocalPorts) {
    this.#ports = ports
  }

  /** Everybody this device has keys of, itself among them. */
  async people(): Promise<readonly KnownPerson[]> {
    const records = await this.#ports.store.list('account', {})
    return Promise.all(
      records.map(async ({ username, identityKey, isVerified }) => {
        const trust = await this.#ports.directory.get(username)
        const hasNewKey = trust.kind === 'key-changed'
        return {
          username,
          fingerprint: await identityFingerprint(shownKey(trust) ?? identityKey),
          isVerified: isVerified && !hasNewKey,
          hasNewKey,
        }
      }),
    )
  }

  /**
   * What was handed to the servers for a message of this device. Returns `undefined`, does not
   * throw, when it is not sealed yet or its outcome is known: then they have nothing more of it.
   */
  async sealed(messageId: string): Promise<SealedCopy | undefined> {
    const record = await this.#ports.store.get('outbox', { name: '', order: messageId })
    if (record?.attempt === undefined) return undefined
    const { envelope, to } = record.attempt
    const keys = to.flatMap((addressee) => addressee.keys)
    return {
      envelope,
      to: to.map(({ username, keys: wrapped }) => ({ username, devices: wrapped.length })),
      keyBytes: keys.reduce((sum, { wrappedKey }) => sum + wrappedKey.length, 0),
      ...(record.expiresAtMs !== undefined && { expiresAtMs: record.expiresAtMs }),
    }
  }

  /** Something a face wants to find again, such as a draft. Encrypted like everything else. */
  async note(name: string): Promise<string | undefined> {
    return (await this.#ports.store.get('note', { name }))?.text
  }

  /** An empty text forgets the note. */
  async keepNote(name: string, text: string): Promise<void> {
    await this.#ports.store.update(async (transaction) => {
      if (text === '') transaction.delete('note', { name })
      else transaction.put('note', { name }, { text })
    })
  }
}

function shownKey(trust: Trust): Bytes | undefined {
  if (trust.kind === 'key-changed') return trust.offered.identityKey
  return trust.kind === 'trusted' ? trust.list.identityKey : undefined
}

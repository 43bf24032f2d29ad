import type { DeviceKeys } from '../crypto/device-keys.ts'

/** The keys of this installed client. They never leave it. */
export interface StoredKeys {
  readonly device: DeviceKeys
  /** AES-256-GCM, for everything in the `Storage`. */
  readonly storageKey: CryptoKey
}

/**
 * Where the keys are kept: apart from the `Storage`, because who has both can read everything.
 * A browser keeps the `CryptoKey`s as they are in IndexedDB; a terminal client writes them to a
 * file that is encrypted under a passphrase.
 */
export interface KeyStore {
  /** If `true`, new keys are made so that `save` can export them. A browser says `false`. */
  readonly needsExtractableKeys: boolean
  /** Returns `undefined`, does not throw, if nothing was saved yet. */
  load(): Promise<StoredKeys | undefined>
  /** Takes the place of what was saved before, and is on disk before it resolves. */
  save(keys: StoredKeys): Promise<void>
  clear(): Promise<void>
}

/** Forgets the keys with the process: what they encrypted cannot be read afterwards. */
export function memoryKeyStore(): KeyStore {
  let kept: StoredKeys | undefined
  return {
    needsExtractableKeys: false,
    load: async () => kept,
    save: async (keys) => {
      kept = keys
    },
    clear: async () => {
      kept = undefined
    },
  }
}

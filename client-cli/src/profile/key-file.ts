// The seed's username.csv, done right: the keys of this device in one file that only its owner may
// read, and that says nothing without the password.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { KeyStore, StoredKeys } from '@fastchat/client-core'
import { Failure } from '../failure.ts'
import { openBox, type PasswordKey, passwordKey, sealBox } from './password-box.ts'
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts'
import { decodeKeys, encodeKeys } from './stored-keys.ts'

export interface KeyFile extends KeyStore {
  /** From now on this password opens the file. */
  setPassword(password: string): Promise<void>
}

export type OpenedKeyFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'opened'; readonly keys: KeyFile; readonly url: string }

export async function hasKeyFile(file: string): Promise<boolean> {
  return (await readPrivateFile(file)) !== undefined
}

export async function openKeyFile(file: string, password: string): Promise<OpenedKeyFile> {
  const sealed = await readPrivateFile(file)
  if (sealed === undefined) return { kind: 'none' }
  const opened = await openBox(sealed, password)
  if (opened.kind === 'wrong-password') return opened
  const content = opened.kind === 'opened' ? await decodeKeys(opened.content) : undefined
  if (opened.kind === 'damaged' || content === undefined) {
    throw new Failure(
      'failed',
      `The key file ${file} is damaged. Restore it, or move it away and sign in as a new device.`,
    )
  }
  opened.content.fill(0)
  const { url, keys } = content
  return { kind: 'opened', url, keys: keyFile({ file, url, key: opened.key, kept: keys }) }
}

/** For a person who has no key file yet: the first save writes it, under this password. */
export async function newKeyFile(file: string, url: string, password: string): Promise<KeyFile> {
  return keyFile({ file, url, key: await passwordKey(password), kept: undefined })
}

interface KeyFileOptions {
  readonly file: string
  readonly url: string
  readonly key: PasswordKey
  readonly kept: StoredKeys | undefined
}

function keyFile({ file, url, key, kept }: KeyFileOptions): KeyFile {
  let current = kept
  let currentKey = key
  const save = async (keys: StoredKeys) => {
    await ensurePrivateFolder(path.dirname(file))
    const content = await encodeKeys({ url, keys })
    await writePrivateFile(file, sealBox(currentKey, content))
    content.fill(0)
    current = keys
  }
  return {
    needsExtractableKeys: true,
    load: async () => current,
    save,
    async setPassword(password) {
      currentKey = await passwordKey(password)
      if (current !== undefined) await save(current)
    },
    async clear() {
      await rm(file, { force: true })
      current = undefined
    },
  }
}

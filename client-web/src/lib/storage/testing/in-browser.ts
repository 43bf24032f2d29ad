// Runs in a browser, for idb-storage.test.ts: what only a browser has cannot be tried anywhere else.
import { generateDeviceKeys } from '../../../../../client-core/src/crypto/device-keys.ts'
import { createStorageKey } from '../../../../../client-core/src/crypto/local-record.ts'
import { storageContract } from '../../../../../client-core/src/storage/storage.contract.ts'
import { openDatabase } from '../database.ts'
import { idbKeyStore } from '../idb-key-store.ts'
import { idbStorage } from '../idb-storage.ts'

export const contractNames = storageContract.map(({ name }) => name)

/** Returns the claims that did not hold. */
export async function runContractCase(name: string): Promise<readonly string[]> {
  const found = storageContract.find((one) => one.name === name)
  if (found === undefined) return [`there is no case "${name}"`]
  const storage = idbStorage(await openDatabase(name))
  const broken: string[] = []
  await found.run(storage, (holds, claim) => {
    if (!holds) broken.push(claim)
  })
  await storage.close()
  return broken
}

/** True if this tab got the lock, which it then keeps. */
export async function takeLock(): Promise<boolean> {
  const storage = idbStorage(await openDatabase('lock'))
  return (await storage.lock()) !== undefined
}

export async function saveKeys(): Promise<void> {
  const keys = idbKeyStore(await openDatabase('keys'))
  const device = await generateDeviceKeys({ extractable: keys.needsExtractableKeys })
  await keys.save({ device, storageKey: await createStorageKey({ extractable: false }) })
}

/** What a script can do with the keys that lie there. */
export async function useKeys() {
  const keys = await idbKeyStore(await openDatabase('keys')).load()
  if (keys === undefined) return undefined
  const { decryption, signing } = keys.device.privateKeys
  const secrets = [decryption, signing, keys.storageKey]
  const exported = await Promise.all(
    secrets.flatMap((key) =>
      (['pkcs8', 'raw', 'jwk'] as const).map((format) =>
        crypto.subtle.exportKey(format, key).then(
          () => true,
          () => false,
        ),
      ),
    ),
  )
  const signature = await crypto.subtle.sign('Ed25519', signing, new Uint8Array(8))
  return {
    areExtractable: secrets.some((key) => key.extractable),
    wereExported: exported.some(Boolean),
    signatureBytes: signature.byteLength,
  }
}

export async function clearKeys(): Promise<void> {
  await idbKeyStore(await openDatabase('keys')).clear()
}

import type { Storage } from '@fastchat/client-core'
import { Failure } from '../failure.ts'
import { ensurePrivateFolder } from '../profile/private-file.ts'
import type { Settings } from '../settings.ts'
import { sqliteStorage } from '../storage/sqlite-storage.ts'

/** Opens the store of the profile, after a look whether another FastChat has it already. */
export async function openStore({ paths }: Settings): Promise<Storage> {
  await ensurePrivateFolder(paths.config)
  const storage = await sqliteStorage(paths.store)
  const lock = await storage.lock()
  if (lock === undefined) {
    await storage.close()
    throw new Failure(
      'failed',
      `Another FastChat uses the profile "${paths.profile}". Close it, or choose another with --profile.`,
    )
  }
  // The client takes it for itself; asking first spares the person typing a password in vain.
  await lock.release()
  return storage
}

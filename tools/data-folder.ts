import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs'
import { Halt } from './halt.mjs'

/** Makes the folder and finds out that we may write to it, before anything halfway through does. */
export function makeDataFolder(folder: string): void {
  const isRoot = process.getuid?.() === 0
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.X_OK)
    // As root another user runs the database and has to pass through; the files inside have modes of their own.
    chmodSync(folder, isRoot ? 0o711 : 0o700)
  } catch (error) {
    throw new Halt(
      `FastChat cannot write to its data folder ${folder} (${(error as NodeJS.ErrnoException).code}). ` +
        'Make it writable, or set FASTCHAT_DATA to a folder of yours.',
    )
  }
}

import type { Bytes } from '../brands.ts'
import { concat } from './bytes.ts'

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', concat(...parts)))
}

export async function sha512(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-512', concat(...parts)))
}

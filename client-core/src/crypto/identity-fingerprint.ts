import type { Bytes } from '../brands.ts'
import { utf8 } from './bytes.ts'
import { sha256 } from './hash.ts'

/** 32 bytes that decide how an account's picture looks: another key is another picture. */
export async function identityFingerprint(identityKey: Bytes): Promise<Bytes> {
  return sha256(utf8('fastchat/identity-fingerprint/v1'), identityKey)
}

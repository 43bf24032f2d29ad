import type { Bytes } from '../../brands.ts'
import { utf8 } from '../bytes.ts'
import { sha256 } from '../hash.ts'

export const messageKeyLength = 32

/** AES-GCM alone lets one ciphertext open to two texts under two keys; this pins the key (T20). */
export async function commitToKey(messageKey: Bytes): Promise<Bytes> {
  return sha256(utf8('fastchat/key-commit/v1'), messageKey)
}

/** OAEP label: a wrap opens for this header and this device and nowhere else. */
export async function wrapLabel(header: Bytes, deviceId: string): Promise<Bytes> {
  return sha256(header, utf8(deviceId))
}

import type { Bytes } from '../brands.ts'

/** The scalar `Bytes`: base64url without padding. */
export function toScalar(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Lenient, and throws on what is no base64url at all: every signature is checked over the bytes,
 * so here no second form of the same bytes can do harm.
 */
export function fromScalar(text: string): Bytes {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

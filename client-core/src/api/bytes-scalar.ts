import type { Bytes } from '../brands.ts'

// As many arguments as every engine takes; one byte at a time is slow for a chunk of a file.
const step = 8192

/** The scalar `Bytes`: base64url without padding. */
export function toScalar(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += step) {
    binary += String.fromCharCode(...bytes.subarray(start, start + step))
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Lenient, and throws on what is no base64url at all: every signature is checked over the bytes,
 * so here no second form of the same bytes can do harm.
 */
export function fromScalar(text: string): Bytes {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}

import { z } from 'zod'
import { InvalidInputError, PayloadTooLargeError } from '../errors.ts'
import { limits } from '../limits.ts'
import { decodeCanonical } from './canonical-cbor.ts'
import { verifyInContext } from './context-signature.ts'
import { isRsa3072PublicKey } from './rsa-public-key.ts'
import { isUsername } from './username.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array)
const publicKey = bytes.refine(({ length }) => length === 32)

const listedDevice = z.strictObject({
  id: z.string().regex(uuid),
  // Without control characters: a name is shown in terminals, and PostgreSQL keeps no NUL.
  name: z
    .string()
    .max(64)
    .regex(/^[^\p{Cc}]+$/u),
  encryptionKey: bytes.refine(isRsa3072PublicKey),
  signingKey: publicKey,
})

// Strict: an extra field would be signed and passed on without anybody having read it.
const listShape = z.strictObject({
  v: z.literal(1),
  username: z.string().refine(isUsername),
  version: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  identityKey: publicKey,
  devices: z.array(listedDevice).refine(isAscendingById),
})

export type ListedDevice = z.infer<typeof listedDevice>

/** A device list whose signature its own identity key made. Whose key that is remains to be checked. */
export interface SignedDeviceList {
  readonly username: string
  readonly version: number
  readonly identityKey: Uint8Array<ArrayBuffer>
  readonly devices: readonly ListedDevice[]
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/** The same layout and checks as in every client, which trusts none of this and looks again. */
export function readDeviceList(
  bytes: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): SignedDeviceList {
  const parsed = listShape.safeParse(decodeCanonical(bytes))
  if (!parsed.success)
    throw new InvalidInputError(
      'deviceList',
      'The device list cannot be read. Update this client and try again.',
    )
  const { username, version, identityKey, devices } = parsed.data
  if (devices.length > limits.devicesPerAccount)
    throw new PayloadTooLargeError(
      limits.devicesPerAccount,
      `An account has at most ${limits.devicesPerAccount} devices. Revoke one, then try again.`,
    )
  if (!verifyInContext('deviceList', identityKey, signature, bytes))
    throw new InvalidInputError(
      'deviceListSignature',
      "The device list is not signed by the account's identity key. Nothing was changed.",
    )
  return { username, version, identityKey, devices, bytes, signature }
}

function isAscendingById(devices: readonly { readonly id: string }[]): boolean {
  return devices.every(({ id }, index) => index === 0 || (devices[index - 1]?.id ?? '') < id)
}

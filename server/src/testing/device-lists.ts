import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto'
import { encode, rfc8949EncodeOptions } from 'cborg'
import { lengthPrefixed, signatureContexts } from '../domain/identity/context-signature.ts'

type Bytes = Uint8Array<ArrayBuffer>

interface SigningPair {
  readonly publicKey: Bytes
  readonly privateKey: KeyObject
}

export interface TestDevice {
  readonly id: string
  readonly name: string
  readonly encryptionKey: Bytes
  readonly signing: SigningPair
}

export interface ListDraft {
  readonly username: string
  readonly version: number
  readonly devices: readonly TestDevice[]
}

/** The identity key of a person in a test. */
export function createIdentity() {
  const pair = createSigningPair()
  return {
    identityKey: pair.publicKey,
    /** The input fields of a list, signed by this identity: in order, or as `edit` leaves it. */
    signList({ username, version, devices }: ListDraft, edit: (list: object) => object = (x) => x) {
      const sorted = devices.toSorted((one, other) => (one.id < other.id ? -1 : 1))
      const list = {
        v: 1,
        username,
        version,
        identityKey: pair.publicKey,
        devices: sorted.map(({ id, name, encryptionKey, signing }) => {
          return { id, name, encryptionKey, signingKey: signing.publicKey }
        }),
      }
      const deviceList = new Uint8Array(encode(edit(list), rfc8949EncodeOptions))
      return { deviceList, deviceListSignature: signAs(pair, 'deviceList', deviceList) }
    },
  }
}

export type TestIdentity = ReturnType<typeof createIdentity>

/** A device whose encryption key has the form of one; nothing in these tests encrypts to it. */
export function createDevice(name = 'laptop'): TestDevice {
  const start = '308201a2300d06092a864886f70d01010105000382018f003082018a0282018100'
  const modulus = randomBytes(384)
  modulus[0] = 0x80
  const encryptionKey = Buffer.concat([
    Buffer.from(start, 'hex'),
    modulus,
    Buffer.from('0203010001', 'hex'),
  ])
  return {
    id: randomUUID(),
    name,
    encryptionKey: new Uint8Array(encryptionKey),
    signing: createSigningPair(),
  }
}

export function proveRegistration(device: TestDevice, username: string): Bytes {
  return signAs(device.signing, 'registerDevice', lengthPrefixed(username), Buffer.from(device.id))
}

export function proveSignIn(device: TestDevice, signInId: string): Bytes {
  return signAs(device.signing, 'signIn', Buffer.from(signInId), Buffer.from(device.id))
}

export function signRosterEntry({ signing }: TestDevice, entry: Bytes): Bytes {
  return signAs(signing, 'roster', entry)
}

function createSigningPair(): SigningPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return { publicKey: new Uint8Array(spki.subarray(-32)), privateKey }
}

function signAs(
  { privateKey }: SigningPair,
  context: keyof typeof signatureContexts,
  ...parts: readonly Uint8Array[]
): Bytes {
  const label = Buffer.from(signatureContexts[context])
  return new Uint8Array(sign(null, Buffer.concat([label, ...parts]), privateKey))
}

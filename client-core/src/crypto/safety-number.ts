import type { Bytes, Username } from '../brands.ts'
import { concat, equalBytes, utf8 } from './bytes.ts'
import { encodeCanonical } from './canonical-cbor.ts'
import { sha512 } from './hash.ts'
import { bytesOf, oneOf, parseCanonical, record } from './shape.ts'

/** As in Signal: makes a search for a key with a similar number 5200 times as dear. */
const iterations = 5200
const qrFingerprintLength = 32

export interface Account {
  readonly username: Username
  readonly identityKey: Bytes
}

/** Takes about a quarter of a second to make; a face keeps it while it shows it. */
export interface SafetyNumber {
  /** Twelve groups of five digits, the same on both sides, that two people read to each other. */
  readonly digits: string
  /** What the QR code on my screen holds; the other person's client compares it. */
  readonly qr: Bytes
  /** What the QR code on the other person's screen must hold. */
  readonly expectedQr: Bytes
}

export type QrComparison = 'match' | 'mismatch' | 'unreadable'

const qrShape = record({
  v: oneOf(1),
  mine: bytesOf(qrFingerprintLength),
  theirs: bytesOf(qrFingerprintLength),
})

export async function safetyNumber(me: Account, them: Account): Promise<SafetyNumber> {
  const [mine, theirs] = await Promise.all([accountFingerprint(me), accountFingerprint(them)])
  return {
    digits: formatSafetyNumber([mine, theirs]),
    qr: encodeQr(mine, theirs),
    expectedQr: encodeQr(theirs, mine),
  }
}

/** Compares a code scanned from the other person's screen with what this side knows. */
export function compareSafetyNumberQr(number: SafetyNumber, scanned: Bytes): QrComparison {
  try {
    parseCanonical(scanned, qrShape)
  } catch {
    return 'unreadable'
  }
  return equalBytes(scanned, number.expectedQr) ? 'match' : 'mismatch'
}

function accountFingerprint({ identityKey, username }: Account): Promise<Bytes> {
  return iteratedFingerprint(identityKey, utf8(username))
}

function encodeQr(mine: Bytes, theirs: Bytes): Bytes {
  return encodeCanonical({
    v: 1,
    mine: mine.subarray(0, qrFingerprintLength),
    theirs: theirs.subarray(0, qrFingerprintLength),
  })
}

/** Signal's numeric fingerprint; exported for its published test vector. */
export async function iteratedFingerprint(publicKey: Bytes, stableId: Bytes): Promise<Bytes> {
  const version = Uint8Array.of(0, 0)
  let fingerprint = concat(version, publicKey, stableId)
  for (let round = 0; round < iterations; round++) {
    fingerprint = await sha512(fingerprint, publicKey)
  }
  return fingerprint
}

/** Sorted, so that it does not matter whose half comes first. */
export function formatSafetyNumber(fingerprints: readonly Bytes[]): string {
  return fingerprints.map(digits).sort().join(' ')
}

function digits(fingerprint: Bytes): string {
  const view = new DataView(fingerprint.buffer, fingerprint.byteOffset)
  const groups = [0, 5, 10, 15, 20, 25].map((offset) => {
    const value = view.getUint8(offset) * 2 ** 32 + view.getUint32(offset + 1)
    return String(value % 100_000).padStart(5, '0')
  })
  return groups.join(' ')
}

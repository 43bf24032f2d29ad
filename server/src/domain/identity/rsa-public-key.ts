const rsaPublicKeyBytes = 422

// The DER frame of every RSA-3072 key with exponent 65537 is the same; the modulus sits between.
const spkiStart = Buffer.from(
  '308201a2300d06092a864886f70d01010105000382018f003082018a0282018100',
  'hex',
)
const spkiEnd = Buffer.from('0203010001', 'hex')

/** A short or odd key would weaken its owner's copy of every message, or stop others from sending to a group. */
export function isRsa3072PublicKey(spki: Uint8Array): boolean {
  return (
    spki.length === rsaPublicKeyBytes &&
    spkiStart.equals(spki.subarray(0, spkiStart.length)) &&
    ((spki[spkiStart.length] ?? 0) & 0x80) !== 0 &&
    spkiEnd.equals(spki.subarray(-spkiEnd.length))
  )
}

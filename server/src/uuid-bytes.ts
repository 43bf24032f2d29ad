// UUIDs as the 16 bytes they stand for (RFC 9562, section 4). A message has a dozen: through Buffer and its hexadecimal each
// takes five times as long to write.

/** Where the two digits of each byte stand in the text. */
const digits = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const
const hexadecimal = '0123456789abcdef'

const valueOfDigit = new Uint8Array(128)
for (let value = 0; value < 16; value += 1) {
  valueOfDigit[hexadecimal.charCodeAt(value)] = value
  valueOfDigit[hexadecimal.toUpperCase().charCodeAt(value)] = value
}

/** Returns where the next thing goes. The text has been checked to be a UUID. */
export function writeUuid(bytes: Uint8Array, at: number, uuid: string): number {
  for (let index = 0; index < 16; index += 1) {
    const digit = digits[index] as number
    const high = valueOfDigit[uuid.charCodeAt(digit)] as number
    const low = valueOfDigit[uuid.charCodeAt(digit + 1)] as number
    bytes[at + index] = (high << 4) | low
  }
  return at + 16
}

const text = Buffer.alloc(36, '-')

export function readUuid(bytes: Uint8Array, at: number): string {
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[at + index] as number
    const digit = digits[index] as number
    text[digit] = hexadecimal.charCodeAt(byte >> 4)
    text[digit + 1] = hexadecimal.charCodeAt(byte & 15)
  }
  return text.toString('latin1')
}

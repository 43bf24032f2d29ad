/**
 * Arrays in PostgreSQL's binary format (array_send in arrayfuncs.c): the driver would write bytea[] as hexadecimal
 * text, twice the size and slow to parse on both sides. The driver sends a Buffer parameter in binary as it is.
 */
const header = (typeOid: number, length: number): Buffer => {
  const bytes = Buffer.alloc(20)
  bytes.writeInt32BE(length === 0 ? 0 : 1, 0) // dimensions
  bytes.writeInt32BE(0, 4) // no nulls
  bytes.writeInt32BE(typeOid, 8)
  bytes.writeInt32BE(length, 12)
  bytes.writeInt32BE(1, 16) // lower bound
  return length === 0 ? bytes.subarray(0, 12) : bytes
}

function encode(typeOid: number, elements: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [header(typeOid, elements.length)]
  for (const element of elements) {
    const length = Buffer.alloc(4)
    length.writeInt32BE(element.length)
    parts.push(length, element)
  }
  return Buffer.concat(parts)
}

export const byteaArray = (values: readonly Uint8Array[]): Buffer => encode(17, values)

export const uuidArray = (values: readonly string[]): Buffer =>
  encode(
    2950,
    values.map((value) => Buffer.from(value.replaceAll('-', ''), 'hex')),
  )

export const int4Array = (values: readonly number[]): Buffer =>
  encode(
    23,
    values.map((value) => {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32BE(value)
      return bytes
    }),
  )

export const int8Array = (values: readonly bigint[]): Buffer =>
  encode(
    20,
    values.map((value) => {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(value)
      return bytes
    }),
  )

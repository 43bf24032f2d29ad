import { writeUuid } from '../uuid-bytes.ts'

// Arrays in PostgreSQL's binary format (array_send in arrayfuncs.c): the driver would write bytea[] as hexadecimal
// text, twice the size and slow to parse on both sides. The driver sends a Buffer parameter in binary as it is.

const headBytes = 20

/** For so many elements that take so many bytes together, without their lengths. */
function allocate(typeOid: number, count: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(headBytes + 4 * count + bytes)
  array.writeInt32BE(count === 0 ? 0 : 1, 0) // dimensions
  array.writeInt32BE(0, 4) // no nulls
  array.writeInt32BE(typeOid, 8)
  array.writeInt32BE(count, 12)
  array.writeInt32BE(1, 16) // lower bound
  return count === 0 ? array.subarray(0, 12) : array
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  let bytes = 0
  for (const value of values) bytes += value.length
  const array = allocate(17, values.length, bytes)
  let at = headBytes
  for (const value of values) {
    at = array.writeInt32BE(value.length, at)
    array.set(value, at)
    at += value.length
  }
  return array
}

export function uuidArray(values: readonly string[]): Buffer {
  const array = allocate(2950, values.length, 16 * values.length)
  let at = headBytes
  for (const value of values) at = writeUuid(array, array.writeInt32BE(16, at), value)
  return array
}

export function int4Array(values: readonly number[]): Buffer {
  const array = allocate(23, values.length, 4 * values.length)
  let at = headBytes
  for (const value of values) at = array.writeInt32BE(value, array.writeInt32BE(4, at))
  return array
}

export function int8Array(values: readonly bigint[]): Buffer {
  const array = allocate(20, values.length, 8 * values.length)
  let at = headBytes
  for (const value of values) at = array.writeBigInt64BE(value, array.writeInt32BE(8, at))
  return array
}

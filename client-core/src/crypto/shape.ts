import type { Bytes } from '../brands.ts'
import { decodeCanonical, MalformedError } from './canonical-cbor.ts'

/** Turns an unknown value into a `T` or throws `MalformedError`. */
export type Shape<T> = (value: unknown) => T

type ShapeResult<S> = S extends Shape<infer T> ? T : never

export function parseCanonical<T>(bytes: Uint8Array, shape: Shape<T>): T {
  return shape(decodeCanonical(bytes))
}

export function text(fits: (value: string) => boolean): Shape<string> {
  return (value) => {
    if (typeof value === 'string' && fits(value)) return value
    throw new MalformedError('expected a text of another form')
  }
}

export function bytes(limits: { readonly min: number; readonly max: number }): Shape<Bytes> {
  return (value) => {
    if (value instanceof Uint8Array && value.length >= limits.min && value.length <= limits.max) {
      // A copy, so that a caller reusing its buffer cannot change what was checked.
      return new Uint8Array(value)
    }
    throw new MalformedError(`expected ${limits.min} to ${limits.max} bytes`)
  }
}

export function bytesOf(length: number): Shape<Bytes> {
  return bytes({ min: length, max: length })
}

export function integer(limits: { readonly min: number; readonly max: number }): Shape<number> {
  return (value) => {
    if (typeof value === 'number' && value >= limits.min && value <= limits.max) return value
    throw new MalformedError(`expected an integer from ${limits.min} to ${limits.max}`)
  }
}

export const flag: Shape<boolean> = (value) => {
  if (typeof value === 'boolean') return value
  throw new MalformedError('expected true or false')
}

export function oneOf<const T extends string | number>(...allowed: readonly T[]): Shape<T> {
  return (value) => {
    const found = allowed.find((candidate) => candidate === value)
    if (found === undefined) throw new MalformedError(`expected ${allowed.join(' or ')}`)
    return found
  }
}

export function list<T>(item: Shape<T>, maxLength: number): Shape<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > maxLength) {
      throw new MalformedError(`expected a list of at most ${maxLength}`)
    }
    return value.map(item)
  }
}

/** Exactly these fields: an extra one would be signed without anybody having read it. */
export function record<const F extends Readonly<Record<string, Shape<unknown>>>>(
  fields: F,
): Shape<{ readonly [K in keyof F]: ShapeResult<F[K]> }> {
  const names = Object.keys(fields)
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new MalformedError('expected a map')
    }
    const entries = new Map(Object.entries(value))
    if (entries.size !== names.length || !names.every((name) => entries.has(name))) {
      throw new MalformedError(`expected a map of ${names.join(', ')}`)
    }
    const parsed = names.map((name) => [name, fields[name]?.(entries.get(name))])
    return Object.fromEntries(parsed) as { readonly [K in keyof F]: ShapeResult<F[K]> }
  }
}

/** Strictly ascending, so a list has one order and no entry twice. */
export function isAscending(values: readonly string[]): boolean {
  return values.every((value, index) => index === 0 || (values[index - 1] ?? '') < value)
}

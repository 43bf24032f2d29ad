import { GraphQLError } from 'graphql'
import { builder } from './builder.ts'

const badInput = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

const base64url = /^[A-Za-z0-9_-]*$/

builder.scalarType('Bytes', {
  description:
    'Bytes as base64url without padding (RFC 4648 §5). Opaque to the server where a description says so.',
  serialize: (value) =>
    Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64url'),
  parseValue: (value) => {
    if (typeof value !== 'string' || !base64url.test(value) || value.length % 4 === 1)
      throw badInput('"Bytes" expected base64url without padding.')
    return new Uint8Array(Buffer.from(value, 'base64url'))
  },
})

builder.scalarType('Cursor', {
  description: "A place in a device's mailbox. Opaque: keep it, send it back, do not read it.",
  serialize: (value) => value.toString(36),
  parseValue: (value) => {
    if (typeof value !== 'string' || !/^[0-9a-z]{1,12}$/.test(value))
      throw badInput('"Cursor" expected a cursor that this service gave out.')
    return [...value].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
  },
})

builder.scalarType('DateTime', {
  description: 'A moment by the clock of the database, in UTC with milliseconds (RFC 3339).',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const moment = typeof value === 'string' ? new Date(value) : new Date(Number.NaN)
    if (Number.isNaN(moment.getTime()))
      throw badInput('"DateTime" expected a moment such as 2026-11-22T10:00:00.000Z.')
    return moment
  },
})

import {
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql'

export interface Spoiled {
  /** What was done to it, for the message of a failing test. */
  readonly how: string
  readonly value: unknown
}

const hostileTexts: Readonly<Record<string, unknown>> = {
  'an empty text': '',
  'a NUL': 'a\u0000b',
  'half a character': 'a\ud800b',
  SQL: `'; DROP TABLE clients; --`,
  'a prototype': '__proto__',
  'a text of 300,000 characters': 'x'.repeat(300_000),
}
const wrongForText = {
  'a number': 7.5,
  'a truth': true,
  'an object': { a: 1 },
  'a list': ['a', 'b'],
}
const wrongForInt = {
  'a text': 'seven',
  'a fraction': 1.5,
  'a number beyond 32 bits': 2 ** 31,
  'a number beyond all bits': 2 ** 53,
  'minus one': -1,
  zero: 0,
  'an object': {},
}

/** Every way to spoil one place of a value of this type: wrong types, too long, too many, missing, unknown. */
export function spoil(type: GraphQLInputType, value: unknown, path = ''): Spoiled[] {
  if (isNonNullType(type))
    return [{ how: `${path} is null`, value: null }, ...spoil(type.ofType, value, path)]

  if (isListType(type)) {
    const [first] = value as readonly unknown[]
    return [
      { how: `${path} is an object`, value: {} },
      { how: `${path} has no element`, value: [] },
      { how: `${path} has 1,000 elements`, value: Array.from({ length: 1000 }, () => first) },
      ...spoil(type.ofType, first, `${path}[0]`).map((one) => ({ ...one, value: [one.value] })),
    ]
  }

  if (isInputObjectType(type)) {
    const fields = value as Readonly<Record<string, unknown>>
    return [
      { how: `${path} is a text`, value: 'text' },
      { how: `${path} has an unknown field`, value: { ...fields, isAdmin: true } },
      ...Object.values(type.getFields()).flatMap(({ name, type: fieldType }) => {
        const { [name]: _left, ...rest } = fields
        const missing = { how: `${path}.${name} is missing`, value: rest }
        return [
          ...(isNonNullType(fieldType) ? [missing] : []),
          ...spoil(fieldType, fields[name], `${path}.${name}`).map((one) => ({
            ...one,
            value: { ...fields, [name]: one.value },
          })),
        ]
      }),
    ]
  }

  if (!isScalarType(type)) throw new Error(`There is no way yet to spoil a ${String(type)}.`)
  const wrong = type.name === 'Int' ? wrongForInt : { ...wrongForText, ...hostileTexts }
  return Object.entries(wrong).map(([what, bad]) => ({ how: `${path} is ${what}`, value: bad }))
}

import { RateLimitedError, TooManyAttemptsError, WrongPasswordError } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { Operator } from '../domain/operations/operator.ts'
import {
  type OperatorSignedIn,
  signInOperator,
  signOutOperator,
} from '../domain/operations/sign-in-operator.ts'
import { textUpTo } from './bounds.ts'
import { builder } from './builder.ts'
import { operatorsOnly } from './operator-type.ts'

const SignInOperatorInput = builder.inputType('SignInOperatorInput', {
  description: 'An operator at the door.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'The name, as it was made on the command line.',
      validate: textUpTo(limits.usernameChars),
    }),
    password: t.string({
      required: true,
      description: `The password, at most ${limits.operatorPasswordChars} characters.`,
      validate: textUpTo(limits.operatorPasswordChars),
    }),
  }),
})

// Open to everybody, because whoever signs in is nobody yet.
const SignInOperatorPayload = builder
  .objectRef<OperatorSignedIn>('SignInOperatorPayload')
  .implement({
    description: 'An operator is signed in, for twelve hours.',
    fields: (t) => ({
      token: t.exposeString('token', {
        description: 'For operations only: as a bearer, or in connection_init. Keep it secret.',
      }),
      name: t.exposeString('name', { description: 'The operator.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When to sign in again.' }),
    }),
  })

const SignOutOperatorPayload = builder
  .objectRef<{ readonly signedOut: boolean }>('SignOutOperatorPayload')
  .implement({
    description: 'The session has ended.',
    fields: (t) => ({
      signedOut: t.exposeBoolean('signedOut', { description: 'Always true.' }),
    }),
  })

const OperatorRef = builder.objectRef<Operator>('Operator').implement({
  ...operatorsOnly,
  description: 'Somebody who runs FastChat. Not an account.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the session ends.',
    }),
  }),
})

builder.queryField('operator', (t) =>
  t.withAuth({ operator: true }).field({
    type: OperatorRef,
    description: 'Who is signed in. For operators.',
    resolve: (_root, _args, { operator }) => operator,
  }),
)

builder.mutationField('signInOperator', (t) =>
  t.field({
    type: SignInOperatorPayload,
    description:
      'Signs an operator in. Operators are made on the command line. Wrong passwords are counted as those of accounts are.',
    errors: { types: [WrongPasswordError, TooManyAttemptsError, RateLimitedError] },
    args: {
      input: t.arg({
        type: SignInOperatorInput,
        required: true,
        description: 'Name and password.',
      }),
    },
    resolve: (_root, { input }, { deps, network }) => signInOperator(deps, network, input),
  }),
)

builder.mutationField('signOutOperator', (t) =>
  t.withAuth({ operator: true }).field({
    type: SignOutOperatorPayload,
    description: "Ends the operator's own session.",
    errors: {},
    resolve: (_root, _args, { deps, operator }) => signOutOperator(deps, operator),
  }),
)

import {
  ForbiddenError,
  RateLimitedError,
  TooManyAttemptsError,
  WrongPasswordError,
} from '../domain/errors.ts'
import { finishSignIn } from '../domain/identity/finish-sign-in.ts'
import { type SignInStarted, startSignIn } from '../domain/identity/start-sign-in.ts'
import { limits } from '../domain/limits.ts'
import { signature, textUpTo, uuidText } from './bounds.ts'
import { builder } from './builder.ts'
import { SignedInPayloadRef } from './signed-in.ts'

const StartSignInInput = builder.inputType('StartSignInInput', {
  description: 'The first step of a sign-in.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: 'The name, without case.',
      validate: textUpTo(limits.usernameChars),
    }),
    startLoginRequest: t.string({
      required: true,
      description: `The OPAQUE login request, at most ${limits.opaqueMessageChars} characters.`,
      validate: textUpTo(limits.opaqueMessageChars),
    }),
  }),
})

const StartSignInPayload = builder.objectRef<SignInStarted>('StartSignInPayload').implement({
  description: 'A sign-in between its two steps. Names that do not exist are answered alike.',
  fields: (t) => ({
    signInId: t.exposeID('signInId', {
      description: 'For the second step: once, within 60 seconds.',
    }),
    loginResponse: t.exposeString('loginResponse', { description: 'The OPAQUE login response.' }),
    attemptsLeft: t.exposeInt('attemptsLeft', {
      description: 'Tries left should this one fail, on all servers together, before a wait.',
    }),
  }),
})

const FinishSignInInput = builder.inputType('FinishSignInInput', {
  description: 'The second step of a sign-in.',
  fields: (t) => ({
    signInId: t.id({
      required: true,
      description: 'From the first step.',
      validate: uuidText,
    }),
    finishLoginRequest: t.string({
      required: true,
      description: `The OPAQUE proof of the password, at most ${limits.opaqueMessageChars} characters.`,
      validate: textUpTo(limits.opaqueMessageChars),
    }),
    deviceId: t.id({
      description: 'The device that signs in, if it is registered already: a UUID in lower case.',
      validate: uuidText,
    }),
    deviceProof: t.field({
      type: 'Bytes',
      description: 'Ed25519 signature "fastchat/sign-in/v1" by that device, 64 bytes.',
      validate: signature,
    }),
  }),
})

builder.mutationField('startSignIn', (t) =>
  t.field({
    type: StartSignInPayload,
    description:
      'Begins a sign-in with OPAQUE. Counts as a failed try until it is finished: three, then a wait of 30 seconds that doubles up to 15 minutes.',
    errors: { types: [TooManyAttemptsError, RateLimitedError] },
    args: {
      input: t.arg({ type: StartSignInInput, required: true, description: 'Name and request.' }),
    },
    resolve: (_root, { input }, { deps, network }) => startSignIn(deps, network, input),
  }),
)

builder.mutationField('finishSignIn', (t) =>
  t.field({
    type: SignedInPayloadRef,
    description: 'Opens a session. Without a device it can do nothing but register one.',
    errors: { types: [WrongPasswordError, ForbiddenError] },
    args: {
      input: t.arg({ type: FinishSignInInput, required: true, description: 'Proof and device.' }),
    },
    resolve: (_root, { input: { deviceId = null, deviceProof = null, ...input } }, { deps }) =>
      finishSignIn(deps, { ...input, deviceId, deviceProof }),
  }),
)

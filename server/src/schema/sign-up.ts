import {
  ConflictError,
  ForbiddenError,
  NameTakenError,
  PayloadTooLargeError,
  RateLimitedError,
} from '../domain/errors.ts'
import { finishSignUp } from '../domain/identity/finish-sign-up.ts'
import { startSignUp } from '../domain/identity/start-sign-up.ts'
import { limits } from '../domain/limits.ts'
import { bytesUpTo, signature, textUpTo, uuidText, versionNumber } from './bounds.ts'
import { builder } from './builder.ts'
import { SignedInPayloadRef } from './signed-in.ts'

const StartSignUpInput = builder.inputType('StartSignUpInput', {
  description: 'The first step of a sign-up.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: 'The wanted name: 3 to 32 of a-z 0-9 _ . - without case.',
      validate: textUpTo(limits.usernameChars),
    }),
    registrationRequest: t.string({
      required: true,
      description: `The OPAQUE registration request, at most ${limits.opaqueMessageChars} characters.`,
      validate: textUpTo(limits.opaqueMessageChars),
    }),
  }),
})

const StartSignUpPayload = builder
  .objectRef<{ readonly registrationResponse: string }>('StartSignUpPayload')
  .implement({
    description: 'The name is free. It is not reserved.',
    fields: (t) => ({
      registrationResponse: t.exposeString('registrationResponse', {
        description: 'The OPAQUE registration response.',
      }),
    }),
  })

const FinishSignUpInput = builder.inputType('FinishSignUpInput', {
  description: 'The second step of a sign-up: the account and its first device.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: 'The same name as in the first step.',
      validate: textUpTo(limits.usernameChars),
    }),
    registrationRecord: t.string({
      required: true,
      description: `The OPAQUE registration record, at most ${limits.opaqueMessageChars} characters.`,
      validate: textUpTo(limits.opaqueMessageChars),
    }),
    vault: t.field({
      type: 'Bytes',
      required: true,
      description: `Opaque to the server. The sealed identity key, at most ${limits.vaultBytes} bytes.`,
      validate: bytesUpTo(limits.vaultBytes),
    }),
    vaultVersion: t.int({
      required: true,
      description: 'The version sealed into the vault, 1 or more.',
      validate: versionNumber,
    }),
    deviceList: t.field({
      type: 'Bytes',
      required: true,
      description: `Version 1 of the device list, with this device alone; at most ${limits.deviceListBytes} bytes.`,
      validate: bytesUpTo(limits.deviceListBytes),
    }),
    deviceListSignature: t.field({
      type: 'Bytes',
      required: true,
      description: 'Ed25519 signature of the list by the identity key in it, 64 bytes.',
      validate: signature,
    }),
    deviceId: t.id({
      required: true,
      description: 'The id of the device in the list: a UUID in lower case.',
      validate: uuidText,
    }),
    deviceProof: t.field({
      type: 'Bytes',
      required: true,
      description: 'Ed25519 signature "fastchat/register-device/v1" by the device, 64 bytes.',
      validate: signature,
    }),
  }),
})

builder.mutationField('startSignUp', (t) =>
  t.field({
    type: StartSignUpPayload,
    description:
      'Begins a sign-up with OPAQUE: the password never leaves the client. Ten sign-ups an hour per network.',
    errors: { types: [NameTakenError, RateLimitedError] },
    args: {
      input: t.arg({ type: StartSignUpInput, required: true, description: 'Name and request.' }),
    },
    resolve: (_root, { input }, { deps, network }) => startSignUp(deps, network, input),
  }),
)

builder.mutationField('finishSignUp', (t) =>
  t.field({
    type: SignedInPayloadRef,
    description: 'Makes the account, its first device and a session: all of it or nothing.',
    errors: {
      types: [
        NameTakenError,
        ConflictError,
        ForbiddenError,
        PayloadTooLargeError,
        RateLimitedError,
      ],
    },
    args: {
      input: t.arg({ type: FinishSignUpInput, required: true, description: 'Account and device.' }),
    },
    resolve: (_root, { input }, { deps, network }) => finishSignUp(deps, network, input),
  }),
)

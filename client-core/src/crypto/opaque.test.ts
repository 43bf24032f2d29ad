import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from '@serenity-kit/opaque'
import type { Username } from '../brands.ts'
import {
  finishSignIn,
  finishSignUp,
  opaqueIdentifiers,
  startSignIn,
  startSignUp,
} from './opaque.ts'
import type { SecretBytes } from './secret-bytes.ts'

const alice = 'alice' as Username
const password = 'corrèct horse'
const { state, registrationRequest } = await startSignUp(password)
const serverSetup = server.createSetup()
const { registrationResponse } = server.createRegistrationResponse({
  serverSetup,
  userIdentifier: alice,
  registrationRequest,
})
const signUp = await finishSignUp({ username: alice, password, state, registrationResponse })

async function signIn(typed: string) {
  const start = await startSignIn(typed)
  const answer = server.startLogin({
    serverSetup,
    userIdentifier: alice,
    registrationRecord: signUp.registrationRecord,
    startLoginRequest: start.startLoginRequest,
    identifiers: opaqueIdentifiers(alice),
  })
  const finish = await finishSignIn({
    username: alice,
    password: typed,
    state: start.state,
    loginResponse: answer.loginResponse,
  })
  return { answer, finish }
}

const hex = (secret: SecretBytes) => secret.expose((bytes) => Buffer.from(bytes).toString('hex'))

test('the right password gives the key of the sign-up, and both sides the same session key', async () => {
  const { answer, finish } = await signIn(password)

  assert.ok(finish.kind === 'signed-in')
  const { sessionKey } = server.finishLogin({
    serverLoginState: answer.serverLoginState,
    finishLoginRequest: finish.finishLoginRequest,
    identifiers: opaqueIdentifiers(alice),
  })
  assert.equal(hex(finish.exportKey), hex(signUp.exportKey))
  assert.equal(hex(finish.sessionKey), Buffer.from(sessionKey, 'base64url').toString('hex'))
  assert.equal(finish.serverPublicKey, signUp.serverPublicKey)
})

test('a wrong password is an answer and not an exception', async () => {
  const { finish } = await signIn('battery staple')

  assert.deepEqual(finish, { kind: 'wrong-password' })
})

test('a password typed on a keyboard that composes accents otherwise is the same password', async () => {
  const { finish } = await signIn(password.normalize('NFD'))

  assert.equal(finish.kind, 'signed-in')
})

test('an answer that cannot be read is reported without quoting it', async () => {
  const start = await startSignIn(password)
  const loginResponse = 'AAAA-not-an-answer'

  await assert.rejects(
    finishSignIn({ username: alice, password, state: start.state, loginResponse }),
    (error: Error) => !error.message.includes('AAAA') && error.cause === undefined,
  )
})

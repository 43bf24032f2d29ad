import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Username } from '../../client-core/src/brands.ts'
import {
  finishSignIn,
  finishSignUp,
  startSignIn,
  startSignUp,
} from '../../client-core/src/crypto/opaque.ts'
import {
  createOpaqueServer,
  createOpaqueSetup,
  type OpaqueServer,
} from '../../server/src/domain/identity/opaque-server.ts'

const username = 'alice' as Username
let server: OpaqueServer
let registrationRecord: string
let exportKey: string

before(async () => {
  server = createOpaqueServer({ serverSetup: await createOpaqueSetup() })
  const password = 'correct horse'
  const { state, registrationRequest } = await startSignUp(password)
  const { registrationResponse } = await server.startRegistration({ username, registrationRequest })
  const finished = await finishSignUp({ username, password, state, registrationResponse })
  registrationRecord = finished.registrationRecord
  exportKey = finished.exportKey.expose((bytes) => Buffer.from(bytes).toString('hex'))
})

async function signIn(password: string, record: string | null) {
  const { state, startLoginRequest } = await startSignIn(password)
  const started = await server.startLogin({
    username,
    registrationRecord: record,
    startLoginRequest,
  })
  const { loginResponse } = started
  return { started, finished: await finishSignIn({ username, password, state, loginResponse }) }
}

test('what the client registered, the server lets it sign in with, and the export key is the same', async () => {
  const { started, finished } = await signIn('correct horse', registrationRecord)
  assert.ok(finished.kind === 'signed-in')
  const { finishLoginRequest } = finished

  assert.ok(await server.isRegistrationRecord(username, registrationRecord))
  assert.ok(await server.finishLogin({ username, state: started.state, finishLoginRequest }))
  assert.equal(
    finished.exportKey.expose((bytes) => Buffer.from(bytes).toString('hex')),
    exportKey,
  )
})

test('a wrong password and a missing account look the same to the client', async () => {
  const wrong = await signIn('wrong horse', registrationRecord)
  const missing = await signIn('correct horse', null)

  assert.deepEqual(wrong.finished, { kind: 'wrong-password' })
  assert.deepEqual(missing.finished, { kind: 'wrong-password' })
  assert.equal(missing.started.loginResponse.length, wrong.started.loginResponse.length)
})

test('a record is of use under its own name only', async () => {
  const { state, startLoginRequest } = await startSignIn('correct horse')
  const bob = 'bob' as Username
  const started = await server.startLogin({ username: bob, registrationRecord, startLoginRequest })
  const { loginResponse } = started

  assert.deepEqual(
    await finishSignIn({ username: bob, password: 'correct horse', state, loginResponse }),
    { kind: 'wrong-password' },
  )
})

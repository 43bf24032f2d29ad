import { client, ready } from '@serenity-kit/opaque'
import { authenticate } from '../domain/authenticate.ts'
import type { Deps } from '../domain/deps.ts'
import { finishSignIn } from '../domain/identity/finish-sign-in.ts'
import { finishSignUp, type SignedIn } from '../domain/identity/finish-sign-up.ts'
import { startSignIn } from '../domain/identity/start-sign-in.ts'
import { startSignUp } from '../domain/identity/start-sign-up.ts'
import type { DeviceViewer, Viewer } from '../domain/viewer.ts'
import {
  createDevice,
  createIdentity,
  proveRegistration,
  proveSignIn,
  type TestDevice,
  type TestIdentity,
} from './device-lists.ts'

type IdentityDeps = Pick<Deps, 'store' | 'opaque' | 'rates'>

// The clients use 64 MiB; a test has nothing to hide.
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 8, parallelism: 1 } }

export interface Person {
  readonly username: string
  readonly password: string
  readonly identity: TestIdentity
  readonly device: TestDevice
  readonly signedIn: SignedIn
  readonly viewer: DeviceViewer
}

/** Signs somebody up with the real OPAQUE client. */
export async function signUp(
  deps: IdentityDeps,
  username: string,
  { password = `password of ${username}`, network = `net-${username}` } = {},
): Promise<Person> {
  const identity = createIdentity()
  const device = createDevice()
  const signedIn = await finishSignUp(deps, network, {
    username,
    registrationRecord: await register(deps, { username, password, network }),
    vault: Uint8Array.of(1, 2, 3),
    vaultVersion: 1,
    ...identity.signList({ username, version: 1, devices: [device] }),
    deviceId: device.id,
    deviceProof: proveRegistration(device, username),
  })
  const viewer = await viewerOf(deps, signedIn.token)
  return {
    username,
    password,
    identity,
    device,
    signedIn,
    viewer: { ...viewer, deviceId: device.id },
  }
}

/** The OPAQUE part of a sign-up: returns the registration record. */
export async function register(
  deps: IdentityDeps,
  { username, password, network }: { username: string; password: string; network: string },
): Promise<string> {
  await ready
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password })
  const { registrationResponse } = await startSignUp(deps, network, {
    username,
    registrationRequest,
  })
  const { registrationRecord } = client.finishRegistration({
    password,
    clientRegistrationState,
    registrationResponse,
    identifiers: identifiersOf(username),
    keyStretching,
  })
  return registrationRecord
}

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly network?: string
}

/** The first step of a sign-in. `proof` is null when the client finds that the password is wrong. */
export async function beginSignIn(
  deps: IdentityDeps,
  { username, password, network = 'net' }: Credentials,
) {
  await ready
  const { clientLoginState, startLoginRequest } = client.startLogin({ password })
  const started = await startSignIn(deps, network, { username, startLoginRequest })
  const finished = client.finishLogin({
    password,
    clientLoginState,
    loginResponse: started.loginResponse,
    identifiers: identifiersOf(username),
    keyStretching,
  })
  return { ...started, proof: finished?.finishLoginRequest ?? null }
}

/** Both steps. Throws when the password is wrong, as a client would tell its person. */
export async function signIn(
  deps: IdentityDeps,
  credentials: Credentials & { readonly boundTo?: TestDevice },
): Promise<SignedIn> {
  const { signInId, proof } = await beginSignIn(deps, credentials)
  if (proof === null) throw new Error('wrong password')
  const { boundTo } = credentials
  return finishSignIn(deps, {
    signInId,
    finishLoginRequest: proof,
    deviceId: boundTo?.id ?? null,
    deviceProof: boundTo === undefined ? null : proveSignIn(boundTo, signInId),
  })
}

export async function viewerOf(deps: Pick<Deps, 'store'>, token: string): Promise<Viewer> {
  const viewer = (await authenticate(deps, token))?.viewer ?? null
  if (viewer === null) throw new Error('this token opens no session')
  return viewer
}

function identifiersOf(username: string) {
  return { client: username, server: 'fastchat' }
}

import type { Username } from '../brands.ts'
import { fromBase64url } from './base64url.ts'
import { SecretBytes } from './secret-bytes.ts'

/** Loaded by the first sign-in only: it is 430 kB that a client which resumes never needs. */
async function loadOpaque() {
  const { client, ready } = await import('@serenity-kit/opaque')
  await ready
  return client
}

/** Both sides give these to OPAQUE (RFC 9807 §6.1), which binds them into every record and login. */
export function opaqueIdentifiers(username: Username): {
  readonly client: string
  readonly server: string
} {
  return { client: username, server: 'fastchat' }
}

/** Argon2id, 64 MiB, three passes: about half a second. The stronger preset takes 9 to 17 s. */
const keyStretching = 'memory-constrained'

export interface SignUpStart {
  readonly state: string
  readonly registrationRequest: string
}

export interface SignUpFinish {
  readonly registrationRecord: string
  readonly exportKey: SecretBytes
  readonly serverPublicKey: string
}

export interface SignInStart {
  readonly state: string
  readonly startLoginRequest: string
}

export type SignInFinish =
  | {
      readonly kind: 'signed-in'
      readonly finishLoginRequest: string
      readonly exportKey: SecretBytes
      readonly sessionKey: SecretBytes
      readonly serverPublicKey: string
    }
  | { readonly kind: 'wrong-password' }

export async function startSignUp(password: string): Promise<SignUpStart> {
  const client = await loadOpaque()
  const { clientRegistrationState: state, registrationRequest } = client.startRegistration({
    password: normalizePassword(password),
  })
  return { state, registrationRequest }
}

export async function finishSignUp(input: {
  readonly username: Username
  readonly password: string
  readonly state: string
  readonly registrationResponse: string
}): Promise<SignUpFinish> {
  const client = await loadOpaque()
  const finished = orMisanswered(() =>
    client.finishRegistration({
      password: normalizePassword(input.password),
      clientRegistrationState: input.state,
      registrationResponse: input.registrationResponse,
      identifiers: opaqueIdentifiers(input.username),
      keyStretching,
    }),
  )
  return {
    registrationRecord: finished.registrationRecord,
    exportKey: secretFrom(finished.exportKey),
    serverPublicKey: finished.serverStaticPublicKey,
  }
}

export async function startSignIn(password: string): Promise<SignInStart> {
  const client = await loadOpaque()
  const { clientLoginState: state, startLoginRequest } = client.startLogin({
    password: normalizePassword(password),
  })
  return { state, startLoginRequest }
}

/** A wrong password, an unknown name and a false server are one and the same answer. */
export async function finishSignIn(input: {
  readonly username: Username
  readonly password: string
  readonly state: string
  readonly loginResponse: string
}): Promise<SignInFinish> {
  const client = await loadOpaque()
  const finished = orMisanswered(() =>
    client.finishLogin({
      password: normalizePassword(input.password),
      clientLoginState: input.state,
      loginResponse: input.loginResponse,
      identifiers: opaqueIdentifiers(input.username),
      keyStretching,
    }),
  )
  if (finished === undefined) return { kind: 'wrong-password' }
  return {
    kind: 'signed-in',
    finishLoginRequest: finished.finishLoginRequest,
    exportKey: secretFrom(finished.exportKey),
    sessionKey: secretFrom(finished.sessionKey),
    serverPublicKey: finished.serverStaticPublicKey,
  }
}

// RFC 8265 §4.2: keyboards differ in how they compose an accent; the password is the same.
function normalizePassword(password: string): string {
  return password.normalize('NFC')
}

function orMisanswered<T>(step: () => T): T {
  try {
    return step()
  } catch {
    // Without the cause: the library's text may quote what it was given.
    throw new Error(
      'The server sent an answer that cannot be read. Try again or choose another server.',
    )
  }
}

function secretFrom(base64url: string): SecretBytes {
  const bytes = fromBase64url(base64url)
  if (bytes === undefined) throw new Error('unreachable: OPAQUE keys are base64url')
  return new SecretBytes(bytes)
}

import { ready, server } from '@serenity-kit/opaque'
import type { SignInStarted } from '../api/chat-api.ts'
import { opaqueIdentifiers } from '../crypto/opaque.ts'
import { isUsername } from '../crypto/username.ts'
import { ChatError } from '../errors.ts'

/** The server's half of OPAQUE, so that a sign-in in a test is a real one. */
export class FakePasswords {
  readonly #signIns = new Map<string, { readonly username: string; readonly state: string }>()
  #setup: string | undefined

  async startSignUp(userIdentifier: string, registrationRequest: string) {
    const serverSetup = await this.#serverSetup()
    return server.createRegistrationResponse({ serverSetup, userIdentifier, registrationRequest })
  }

  async startSignIn(
    username: string,
    registrationRecord: string | null,
    startLoginRequest: string,
  ): Promise<SignInStarted> {
    const { serverLoginState: state, loginResponse } = server.startLogin({
      serverSetup: await this.#serverSetup(),
      registrationRecord,
      startLoginRequest,
      userIdentifier: username,
      identifiers: identifiersOf(username),
    })
    const signInId = `sign-in-${this.#signIns.size + 1}`
    this.#signIns.set(signInId, { username, state })
    return { signInId, loginResponse, attemptsLeft: 2 }
  }

  /** Who has just proved the password. */
  finishSignIn(signInId: string, finishLoginRequest: string): string {
    const started = this.#signIns.get(signInId)
    if (started === undefined) throw wrongPassword()
    server.finishLogin({
      finishLoginRequest,
      serverLoginState: started.state,
      identifiers: identifiersOf(started.username),
    })
    return started.username
  }

  async #serverSetup(): Promise<string> {
    await ready
    this.#setup ??= server.createSetup()
    return this.#setup
  }
}

export function wrongPassword(): ChatError {
  return new ChatError('WRONG_PASSWORD', 'The name or the password is wrong.', { attemptsLeft: 2 })
}

function identifiersOf(username: string) {
  if (!isUsername(username)) throw new ChatError('BAD_USER_INPUT', 'This is no username.')
  return opaqueIdentifiers(username)
}

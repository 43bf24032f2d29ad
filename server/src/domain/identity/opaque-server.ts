import { client, ready, server } from '@serenity-kit/opaque'
import { InvalidInputError } from '../errors.ts'

/** OPAQUE (RFC 9807): passwords are checked without this server ever seeing one. */
export interface OpaqueServer {
  startRegistration(input: {
    readonly username: string
    readonly registrationRequest: string
  }): Promise<{ readonly registrationResponse: string }>
  /** True if a sign-in against this record can be answered at all. */
  isRegistrationRecord(username: string, registrationRecord: string): Promise<boolean>
  /** Without a record the answer is a fake one that nobody can tell from a real one (RFC 9807 §10.9). */
  startLogin(input: {
    readonly username: string
    readonly registrationRecord: string | null
    readonly startLoginRequest: string
  }): Promise<{ readonly state: string; readonly loginResponse: string }>
  /** True if the client proved that it knows the password. */
  finishLogin(input: {
    readonly username: string
    readonly state: string
    readonly finishLoginRequest: string
  }): Promise<boolean>
}

/** Makes the secret of an installation. It is kept apart from the database; losing it voids every password. */
export async function createOpaqueSetup(): Promise<string> {
  await ready
  return server.createSetup()
}

/** Throws if the setup is not one that `createOpaqueSetup` made. */
export async function checkOpaqueSetup(serverSetup: string): Promise<void> {
  await ready
  try {
    server.getPublicKey(serverSetup)
  } catch {
    throw new Error('The OPAQUE server setup is damaged. Restore it from its backup.')
  }
}

export function createOpaqueServer({
  serverSetup,
}: {
  readonly serverSetup: string
}): OpaqueServer {
  return {
    async startRegistration({ username, registrationRequest }) {
      await ready
      return orRefused('registrationRequest', () =>
        server.createRegistrationResponse({
          serverSetup,
          userIdentifier: username,
          registrationRequest,
        }),
      )
    },

    async isRegistrationRecord(username, registrationRecord) {
      await ready
      const { startLoginRequest } = client.startLogin({ password: 'any' })
      try {
        server.startLogin({ ...loginOf(username), registrationRecord, startLoginRequest })
        return true
      } catch {
        return false
      }
    },

    async startLogin({ username, registrationRecord, startLoginRequest }) {
      await ready
      const started = orRefused('startLoginRequest', () =>
        server.startLogin({ ...loginOf(username), registrationRecord, startLoginRequest }),
      )
      return { state: started.serverLoginState, loginResponse: started.loginResponse }
    },

    async finishLogin({ username, state, finishLoginRequest }) {
      await ready
      try {
        const identifiers = identifiersOf(username)
        server.finishLogin({ serverLoginState: state, finishLoginRequest, identifiers })
        return true
      } catch {
        return false
      }
    },
  }

  function loginOf(username: string) {
    return { serverSetup, userIdentifier: username, identifiers: identifiersOf(username) }
  }
}

/** Both sides give these to OPAQUE (RFC 9807 §6.1), which binds them into every record and login. */
function identifiersOf(username: string) {
  return { client: username, server: 'fastchat' }
}

function orRefused<T>(field: string, step: () => T): T {
  try {
    return step()
  } catch {
    // Without the cause: the library's text may quote what it was given.
    throw new InvalidInputError(
      field,
      `"${field}" is not an OPAQUE message. Update this client and try again.`,
    )
  }
}

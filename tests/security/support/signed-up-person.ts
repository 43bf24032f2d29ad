import { createOpaqueSetup } from '../../../server/src/domain/identity/opaque-server.ts'
import { rates } from '../../../server/src/domain/limits.ts'
import { startIdentityServer } from '../../../server/src/testing/identity-server.ts'
import { type Person, signUp } from '../../../server/src/testing/person.ts'

/** Signs somebody up past the servers, on their database: for tests of what comes after. */
export async function signUpOn(databaseUrl: string, username: string): Promise<Person> {
  const server = startIdentityServer({
    url: databaseUrl,
    serverSetup: await createOpaqueSetup(),
    rates,
  })
  try {
    return await signUp(server.deps, username)
  } finally {
    await server.close()
  }
}

import type { Joining } from './join.ts'

/** A name that cannot be had is asked for again, where somebody can answer. */
export async function signUpWithName(joining: Joining): Promise<void> {
  const { client, prompter, source, password, deviceName } = joining
  for (let username = joining.username; ; ) {
    try {
      return await client.signUp({ username, password, deviceName })
    } catch (error) {
      if (source.kind !== 'ask' || !isAboutName(error)) throw error
      prompter.say(error.message)
      username = await prompter.ask('Name: ')
    }
  }
}

function isAboutName(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'NAME_TAKEN' || error.code === 'BAD_USER_INPUT')
  )
}

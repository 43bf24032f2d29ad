import { Failure } from '../failure.ts'
import { inWords } from '../text/duration.ts'
import type { Joining } from './join.ts'
import { tries, triesLeft } from './unlock.ts'

/** Three tries, as in the seed. The server counts too, over all its clients. */
export async function signInWithTries(joining: Joining): Promise<void> {
  const { client, keys, prompter, source, username, deviceName } = joining
  let { password } = joining
  for (let left = source.kind === 'ask' ? tries : 1; ; ) {
    const result = await client.signIn({ username, password, deviceName })
    if (result.kind === 'signed-in') return
    if (result.kind === 'too-many-attempts') {
      throw new Failure(
        'rate-limited',
        `Too many wrong passwords for ${username}. Try again in ${inWords(result.retryAfterMs)}.`,
      )
    }
    left = Math.min(left - 1, result.attemptsLeft)
    // A name that does not exist is answered in the same way, so nobody can search for names.
    if (left <= 0) throw new Failure('failed', 'Name and password do not belong together. Stopped.')
    prompter.say(`Name and password do not belong together. ${triesLeft(left)}`)
    password = await prompter.askSecret('Password: ')
    // The key file opens with the password that is right in the end.
    await keys.setPassword(password)
  }
}

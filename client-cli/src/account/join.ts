import type { ChatClient } from '@fastchat/client-core'
import { describeFailure } from '../describe-failure.ts'
import { Failure } from '../failure.ts'
import { type KeyFile, newKeyFile } from '../profile/key-file.ts'
import { type PasswordSource, passwordSource } from '../profile/password.ts'
import { type Prompter, prompterFor } from '../screen/prompter.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeLine } from '../text/safe-text.ts'
import { askServer } from './ask-server.ts'
import { usualDeviceName } from './device-name.ts'
import { type OpenClient, openClient } from './open-client.ts'
import { openStore } from './open-store.ts'
import { signInWithTries } from './sign-in-with-tries.ts'
import { signUpWithName } from './sign-up-with-name.ts'
import { unlock } from './unlock.ts'

export interface JoinRequest {
  readonly how: 'sign-up' | 'sign-in'
  readonly name?: string | undefined
  readonly device?: string | undefined
}

/** One try to get in, with everything it needs. */
export interface Joining {
  readonly client: ChatClient
  readonly keys: KeyFile
  readonly prompter: Prompter
  readonly source: PasswordSource
  readonly username: string
  readonly password: string
  readonly deviceName: string
}

/** Signs up or in, asking for whatever was not given, and returns the client signed in. */
export async function join(
  terminal: Terminal,
  settings: Settings,
  request: JoinRequest,
): Promise<OpenClient> {
  const prompter = prompterFor(terminal)
  const storage = await openStore(settings)
  let open: OpenClient | undefined
  try {
    const unlocked = await unlock(terminal, settings)
    const url = settings.server ?? unlocked?.url ?? (await askServer(prompter))
    const username = request.name ?? (await askName(prompter))
    const source: PasswordSource =
      unlocked === undefined
        ? await passwordSource(terminal, prompter, settings)
        : { kind: 'given', password: unlocked.password }
    const password = await firstPassword(source, prompter, request.how)
    const keys = unlocked?.keys ?? (await newKeyFile(settings.paths.keyFile, url, password))
    open = await openClient({ url, keys, storage })
    const { client } = open
    const deviceName = request.device ?? usualDeviceName()
    if (unlocked === undefined) prompter.say('Making the keys of this device. They never leave it.')
    const joining = { client, keys, prompter, source, username, password, deviceName }
    try {
      await (request.how === 'sign-up' ? signUpWithName(joining) : signInWithTries(joining))
    } catch (error) {
      if (unlocked === undefined) await forgetUnless(error, client)
      throw error
    }
    prompter.say(
      `You are ${safeLine(client.username ?? username)}, on the device "${safeLine(deviceName)}".`,
    )
    return open
  } catch (error) {
    await (open?.[Symbol.asyncDispose]() ?? storage.close())
    throw error
  }
}

/** A profile that never got in is left as it was found, unless the server may know its keys. */
async function forgetUnless(error: unknown, client: ChatClient): Promise<void> {
  const { exit } = describeFailure(error)
  if (exit === 'unreachable' || exit === 'interrupted') return
  await client.signOut({ forget: true })
}

async function askName(prompter: Prompter): Promise<string> {
  if (!prompter.canAsk) throw new Failure('usage', 'Which name? Give it with --name <name>.')
  const { normalizeUsername } = await import('@fastchat/client-core')
  for (;;) {
    const name = normalizeUsername(await prompter.ask('Name: '))
    if (name.kind === 'valid') return name.username
    prompter.say(name.message)
  }
}

async function firstPassword(
  source: PasswordSource,
  prompter: Prompter,
  how: JoinRequest['how'],
): Promise<string> {
  if (source.kind === 'given') {
    if (how === 'sign-up' && source.password.length < shortest) throw tooShort()
    return source.password
  }
  if (how === 'sign-in') return prompter.askSecret('Password: ')
  for (;;) {
    const password = await prompter.askSecret(`Password (at least ${shortest} characters): `)
    if (password.length < shortest) prompter.say(tooShort().message)
    else if ((await prompter.askSecret('The same once more: ')) === password) return password
    else prompter.say('Those were two different passwords. Try again.')
  }
}

const shortest = 8

function tooShort(): Failure {
  return new Failure(
    'usage',
    `A password has at least ${shortest} characters. Choose a longer one.`,
  )
}

import { type JoinRequest, join } from '../account/join.ts'
import { notSignedIn, openAccount } from '../account/open-account.ts'
import type { OpenClient } from '../account/open-client.ts'
import { complete } from '../commands/complete.ts'
import { commands } from '../commands/table.ts'
import type { Exit } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { fileDesk } from '../images/file-desk.ts'
import { imageProtocol } from '../images/image-protocol.ts'
import { hasKeyFile } from '../profile/key-file.ts'
import type { GlobalOptions } from '../program.ts'
import { plainScreen } from '../screen/plain-screen.ts'
import { type Prompter, prompterFor } from '../screen/prompter.ts'
import { ttyScreen } from '../screen/tty-screen.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { Chat } from './chat.ts'
import { chooseFace } from './choose-face.ts'
import { keepEarlyEvents } from './early-events.ts'

/** `fastchat` alone: the way in, and then the chat. */
export async function openChat(terminal: Terminal, options: GlobalOptions): Promise<Exit> {
  const settings = settingsFrom(options, terminal)
  const face = chooseFace(terminal, settings)
  // Loads while the password is typed and the keys are opened.
  const fullScreen = face === 'full-screen' ? import('../fullscreen/full-screen.ts') : undefined
  fullScreen?.catch(() => undefined)
  await using open = await enter(terminal, settings)
  const { client } = open
  if (fullScreen !== undefined) {
    const takeEarly = keepEarlyEvents(client)
    const { FullScreen } = await fullScreen
    return await new FullScreen({ client, terminal, commands, settings }).run(takeEarly())
  }
  const screen =
    face === 'lines'
      ? ttyScreen(terminal, (line) => complete(line, commands, client))
      : plainScreen(terminal)
  const { marks, paint } = settings
  const canDraw = face === 'lines' && !marks.isAscii && settings.hasColour
  const protocol = imageProtocol({ env: terminal.env, canDraw })
  const chat = new Chat({
    client,
    screen,
    commands,
    look: { marks, paint },
    clock: terminal.clock,
    files: fileDesk({ client, env: terminal.env, protocol }),
  })
  // Awaited here: the client is closed when this function is left.
  return await chat.run()
}

async function enter(terminal: Terminal, settings: Settings): Promise<OpenClient> {
  const prompter = prompterFor(terminal)
  if (!(await hasKeyFile(settings.paths.keyFile))) {
    if (!prompter.canAsk) throw notSignedIn(settings)
    return join(terminal, settings, { how: await askHow(prompter, settings) })
  }
  try {
    // Commands may be piped in; then the password has to come from a file.
    return await openAccount(terminal, settings, { isInputTaken: true })
  } catch (error) {
    const isSignedOut = error instanceof Failure && error.exit === 'not-signed-in'
    if (!isSignedOut || !prompter.canAsk) throw error
    prompter.say('You are signed out on this device. Sign in again.')
    return join(terminal, settings, { how: 'sign-in' })
  }
}

async function askHow(prompter: Prompter, { paths }: Settings): Promise<JoinRequest['how']> {
  prompter.say('Welcome to FastChat. Only you and the people you write to can read what is said.')
  prompter.say(`The profile "${paths.profile}" is new on this computer.`)
  for (;;) {
    const answer = (await prompter.ask('1 new account, 2 sign in to one you have: ')).toLowerCase()
    if (answer === '1' || answer === 'new') return 'sign-up'
    if (answer === '2' || answer === 'sign in') return 'sign-in'
    prompter.say('Type 1 or 2. Ctrl+C leaves.')
  }
}

import { openAccount } from '../account/open-account.ts'
import type { GlobalOptions, SignOutOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'

export async function signOut(
  terminal: Terminal,
  options: GlobalOptions & SignOutOptions,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openAccount(terminal, settings)
  const { username } = open.client
  await open.client.signOut({ forget: options.forget })
  if (settings.isJson) {
    terminal.output.write(`${safeJson({ username, isForgotten: options.forget })}\n`)
    return
  }
  const rest = options.forget
    ? 'Its keys and messages are deleted here.'
    : 'Its keys and messages stay, encrypted, for the next sign-in.'
  terminal.talk.write(`${safeLine(username ?? 'Nobody')} is signed out on this device. ${rest}\n`)
}

import type { ChatClient } from '@fastchat/client-core'
import { openConnected } from '../account/open-connected.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { inWords } from '../text/duration.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'

/** `fastchat revoke`: the password that opened the profile also opens the key that signs devices. */
export async function revoke(
  terminal: Terminal,
  typed: string,
  options: GlobalOptions,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openConnected(terminal, settings)
  const { client, password } = open
  const { id, name } = await findDevice(client, typed)
  const result = await client.revokeDevice(id, { password })
  switch (result.kind) {
    case 'signed-in':
      break
    case 'wrong-password':
      throw new Failure(
        'failed',
        'The password of the account is another one. Nothing was changed.',
      )
    case 'too-many-attempts':
      throw new Failure(
        'rate-limited',
        `Too many wrong passwords. Nothing was changed. Try again in ${inWords(result.retryAfterMs)}.`,
      )
  }
  if (settings.isJson) terminal.output.write(`${safeJson({ id, name, isRevoked: true })}\n`)
  else terminal.talk.write(`${safeLine(name)} is no longer a device of yours.\n`)
}

async function findDevice(client: ChatClient, typed: string) {
  const all = await client.devices()
  const [device, another] = all.filter(({ id, name }) => id.startsWith(typed) || name === typed)
  if (device === undefined) {
    throw new Failure('usage', `No device of yours is called ${typed}. See: fastchat devices`)
  }
  if (another !== undefined) {
    throw new Failure('usage', `More than one device is called ${typed}. Give more of the id.`)
  }
  if (device.isThisOne) {
    throw new Failure('usage', 'That is this device. To leave it: fastchat signout --forget')
  }
  return device
}

import { openConnected } from '../account/open-connected.ts'
import { commands } from '../commands/table.ts'
import { who } from '../commands/who.ts'
import { Failure } from '../failure.ts'
import { fileDesk } from '../images/file-desk.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'

export async function showPerson(
  terminal: Terminal,
  name: string,
  options: GlobalOptions,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openConnected(terminal, settings)
  const { client } = open
  const person = await client.lookUp(name)
  if (person === null) throw new Failure('failed', `There is nobody called ${safeLine(name)}.`)
  if (settings.isJson) {
    const { username, isOnline, isVerified, hasNewKey, devices } = person
    terminal.output.write(`${safeJson({ username, isOnline, isVerified, hasNewKey, devices })}\n`)
    return
  }
  const files = fileDesk({ client, env: terminal.env, protocol: 'none' })
  const outcome = await who.run(
    { client, commands, files, open: undefined, nowMs: terminal.clock.now() },
    [name],
  )
  const lines = outcome.kind === 'print' ? outcome.lines : []
  terminal.output.write(lines.map((line) => `${safeLine(line)}\n`).join(''))
}

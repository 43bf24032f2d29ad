import { openConnected } from '../account/open-connected.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'

export async function showDevices(terminal: Terminal, options: GlobalOptions): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openConnected(terminal, settings)
  for (const { id, name, isThisOne } of await open.client.devices()) {
    const line = settings.isJson
      ? safeJson({ id, name, isThisOne })
      : safeLine(`${id}  ${name}${isThisOne ? '  (this one)' : ''}`)
    terminal.output.write(`${line}\n`)
  }
}

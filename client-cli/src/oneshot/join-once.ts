import { type JoinRequest, join } from '../account/join.ts'
import type { GlobalOptions, SignUpOptions } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson } from '../text/safe-text.ts'

/** `fastchat signup` and `fastchat signin`. */
export async function joinOnce(
  terminal: Terminal,
  how: JoinRequest['how'],
  options: GlobalOptions & SignUpOptions,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await join(terminal, settings, {
    how,
    name: options.name,
    device: options.device,
  })
  if (!settings.isJson) return
  const { username, deviceId } = open.client
  terminal.output.write(`${safeJson({ username, deviceId })}\n`)
}

import { Failure } from '../failure.ts'
import { findOperatorToken, type OperatorOptions } from '../operations/operator-token.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom, usualServer } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'
import { serverLines } from '../text/server-lines.ts'

/** Asks as a stranger: neither keys nor a password are needed for what anybody may know. */
export async function showServers(
  terminal: Terminal,
  options: GlobalOptions & OperatorOptions,
): Promise<void> {
  const { server, isJson } = settingsFrom(options, terminal)
  const token = await findOperatorToken(options, terminal)
  if (token !== undefined) {
    const { showServersToOperator } = await import('../operations/show-servers-to-operator.ts')
    return showServersToOperator(terminal, token, options)
  }
  const { memoryKeyStore, memoryStorage, openChatClient } = await import('@fastchat/client-core')
  const client = await openChatClient({
    url: server ?? usualServer,
    storage: memoryStorage(),
    keys: memoryKeyStore(),
  })
  try {
    const servers = await client.servers()
    const lines = isJson ? servers.map(safeJson) : serverLines(servers).map(safeLine)
    terminal.output.write(lines.map((line) => `${line}\n`).join(''))
    if (!servers.some(({ rank }) => rank !== null)) {
      throw new Failure('unreachable', 'No server can be used now. Try again in a moment.')
    }
  } finally {
    await client.close()
  }
}

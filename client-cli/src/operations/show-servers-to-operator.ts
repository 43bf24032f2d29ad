import { Failure } from '../failure.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom, usualServer } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson } from '../text/safe-text.ts'
import { askServer } from './ask-server.ts'
import { makeSafe } from './make-safe.ts'
import { type OperationsAnswer, operationsDocument } from './operations-answer.ts'
import { serverTable } from './top-lines.ts'

/** The table of the servers as the operations have it, in place of what everybody may know. */
export async function showServersToOperator(
  terminal: Terminal,
  token: string,
  options: GlobalOptions,
): Promise<void> {
  const { server = usualServer, isJson, marks, paint } = settingsFrom(options, terminal)
  const { operations } = await askServer<{ operations: OperationsAnswer }>(
    server,
    operationsDocument,
    { token },
  )
  const { servers } = makeSafe(operations)
  const lines = isJson ? operations.servers.map(safeJson) : serverTable(servers, { marks, paint })
  terminal.output.write(lines.map((line) => `${line}\n`).join(''))
  if (!servers.some(({ condition }) => condition === 'UP' || condition === 'SLOW'))
    throw new Failure('unreachable', 'No server can be used now. Look at the alerts: fastchat top.')
}

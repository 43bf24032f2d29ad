import { Failure } from '../failure.ts'
import type { GlobalOptions } from '../program.ts'
import { settingsFrom, usualServer } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson } from '../text/safe-text.ts'
import { askServer } from './ask-server.ts'
import { makeSafe } from './make-safe.ts'
import { type OperationsAnswer, operationsDocument } from './operations-answer.ts'
import { type OperatorOptions, requireOperatorToken } from './operator-token.ts'
import { topLines } from './top-lines.ts'
import { openPage, type Page } from './top-page.ts'

export interface TopOptions extends OperatorOptions {
  readonly count?: number
}

const everyMs = 1000

/** Shows the operations again and again, until Ctrl+C or as often as it was told. */
export async function showTop(
  terminal: Terminal,
  options: GlobalOptions & TopOptions,
): Promise<void> {
  const { server = usualServer, isJson, isPlain, marks, paint } = settingsFrom(options, terminal)
  const token = await requireOperatorToken(options, terminal)
  const ask = askAnyOf(server, token)
  const print = (operations: OperationsAnswer) => {
    if (isJson) return void terminal.output.write(`${safeJson(operations)}\n`)
    const lines = topLines(makeSafe(operations), { marks, paint })
    if (page !== null) page.show(lines)
    else terminal.output.write(`${lines.join('\n')}\n\n`)
  }
  // The first answer before the page: a token that is refused is told where it can be read.
  const first = await ask()
  const page: Page | null =
    !isJson && !isPlain && terminal.output.isTTY === true ? openPage(terminal) : null
  try {
    print(first)
    for (let shown = 1; shown < (options.count ?? Number.POSITIVE_INFINITY); shown += 1) {
      await nextTick(terminal)
      if (terminal.interrupted.aborted) return
      print(await ask())
    }
  } finally {
    page?.close()
  }
}

/** The server that was named first, and those that it told of when it does not answer: any of them knows everything. */
function askAnyOf(server: string, token: string): () => Promise<OperationsAnswer> {
  let others: readonly string[] = []
  return async () => {
    let failure: unknown
    for (const url of [server, ...others]) {
      try {
        const { operations } = await askServer<{ operations: OperationsAnswer }>(
          url,
          operationsDocument,
          { token },
        )
        others = operations.servers.map((one) => one.url)
        return operations
      } catch (error) {
        if (!(error instanceof Failure) || error.exit !== 'unreachable') throw error
        failure ??= error
      }
    }
    throw failure
  }
}

function nextTick({ clock, interrupted }: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop()
      interrupted.removeEventListener('abort', end)
      resolve()
    }
    const stop = clock.every(everyMs, end)
    interrupted.addEventListener('abort', end)
  })
}

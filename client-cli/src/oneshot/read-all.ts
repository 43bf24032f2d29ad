import { Failure } from '../failure.ts'
import type { TerminalInput } from '../terminal.ts'

/** Everything that is piped in, as text, without the line break that echo and editors leave. */
export async function readAll(input: TerminalInput, mostBytes: number): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of input) {
    const bytes = Buffer.from(piece as Uint8Array | string)
    size += bytes.length
    if (size > mostBytes) {
      throw new Failure(
        'failed',
        `The message is longer than ${mostBytes} bytes. Send a part of it.`,
      )
    }
    pieces.push(bytes)
  }
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

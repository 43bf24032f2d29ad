import type { ChatClient } from '../client.ts'
import { Failure } from '../failure.ts'

/** Waits for a server, so that a command which reaches none has changed nothing. */
export async function untilConnected(
  client: Pick<ChatClient, 'connected'>,
  interrupted: AbortSignal,
  patienceMs: number,
): Promise<void> {
  const tooLate = AbortSignal.timeout(patienceMs)
  const either = AbortSignal.any([interrupted, tooLate])
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = () => {
      reject(
        interrupted.aborted
          ? new Failure('interrupted', '')
          : new Failure(
              'unreachable',
              'No server answers. Nothing was done. Is the address right?',
            ),
      )
    }
    if (either.aborted) stop()
    else either.addEventListener('abort', stop)
  })
  await Promise.race([client.connected(), stopped])
}

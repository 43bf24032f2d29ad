import type { FileMessage } from '@fastchat/client-core'
import type { ChatClient } from '../client.ts'

const patienceMs = 30_000

/** The bytes of a file, waited for if they are still on the way. */
export async function whenHere(
  client: Pick<ChatClient, 'on' | 'readFile'>,
  message: FileMessage,
): Promise<Uint8Array> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  // Before the first try: what happens in between must not be missed.
  const stop = client.on('file', ({ id, from, file: { state } }) => {
    if (id === message.id && from === message.from && !isOnTheWay(state)) end()
  })
  const tooLong = AbortSignal.timeout(patienceMs)
  tooLong.addEventListener('abort', () => end())
  try {
    return await client.readFile(message)
  } catch (error) {
    if (!isOnTheWay(message.file.state)) throw error
    await ended
    return await client.readFile(message)
  } finally {
    stop()
  }
}

function isOnTheWay(state: FileMessage['file']['state']): boolean {
  return state === 'waiting' || state === 'downloading'
}

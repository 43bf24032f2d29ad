import type { ChatClient } from '@fastchat/client-core'

export interface Chatter {
  readonly texts: readonly string[]
  readonly ids: readonly string[]
  /** Writes the last one and resolves when it is on the sender's disk. */
  stop(): Promise<void>
}

/** One numbered message after the other, a few each second, whatever happens to the servers meanwhile. */
export function startChatter(from: ChatClient, to: string, everyMs = 40): Chatter {
  const texts: string[] = []
  const ids: string[] = []
  let writing: Promise<void> = Promise.resolve()
  let failure: unknown
  const write = () => {
    const text = `${from.username} ${texts.length}`
    texts.push(text)
    writing = writing
      .then(async () => {
        ids.push((await from.send(to, { text })).id)
      })
      .catch((error: unknown) => {
        failure ??= error
      })
  }
  write()
  const timer = setInterval(write, everyMs)
  timer.unref()
  return {
    texts,
    ids,
    async stop() {
      clearInterval(timer)
      write()
      await writing
      if (failure !== undefined) throw failure
    },
  }
}

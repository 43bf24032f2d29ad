/** Repeats within this time are the same Ctrl+C, passed on by a terminal, npm and a parent process in turn. */
const sameRequestMs = 500

export type StopRequests = {
  /** The first request: finish what was begun. */
  readonly drain: AbortSignal
  /** A second Ctrl+C: the person does not want to wait. */
  readonly now: AbortSignal
}

/** Listens for everything that asks this process to stop, its parent's death included. */
export function listenForStop(): StopRequests {
  const drain = new AbortController()
  const now = new AbortController()
  let firstAt = 0
  const ask = () => {
    if (firstAt === 0) firstAt = Date.now()
    drain.abort()
  }
  process.on('SIGINT', () => {
    if (firstAt !== 0 && Date.now() - firstAt > sameRequestMs) now.abort()
    ask()
  })
  process.on('SIGTERM', ask)
  process.on('SIGHUP', ask)
  if (process.connected) process.on('disconnect', ask)
  return { drain: drain.signal, now: now.signal }
}

/** Resolves when the signal fires. */
export function fired(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

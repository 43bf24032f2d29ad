import type { ChatClient } from '../client.ts'
import type { Clock } from '../terminal.ts'

interface Patience {
  readonly client: Pick<ChatClient, 'on'>
  readonly clock: Clock
  readonly patienceMs: number
}

/** Waits until something is so, looking again whenever the client tells anything. */
export async function until(
  isSo: () => boolean,
  { client, clock, patienceMs }: Patience,
): Promise<void> {
  const deadline = clock.now() + patienceMs
  while (!isSo() && clock.now() < deadline) await nextEvent(client, clock)
}

function nextEvent(client: Pick<ChatClient, 'on'>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const stops = [
      client.on('delivery', () => done()),
      client.on('connection', () => done()),
      clock.every(1000, () => done()),
    ]
    const done = () => {
      for (const stop of stops) stop()
      resolve()
    }
  })
}

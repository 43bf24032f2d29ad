import type { ChatClient } from '@fastchat/client-core'
import type { Cluster } from './cluster.ts'
import { newInstallation, signedUp } from './people.ts'
import { until } from './until.ts'

/** Somebody who was here once and is away now, and the people who write to them. */
export interface Absence {
  readonly writers: readonly ChatClient[]
  /** Of the person who is away. */
  readonly away: ReturnType<typeof newInstallation>
}

export async function someoneIsAway(
  cluster: Cluster,
  away: string,
  writers: readonly string[],
): Promise<Absence> {
  const installation = newInstallation()
  const gone = await signedUp(cluster.url, away, installation)
  const present = await Promise.all(writers.map((name) => signedUp(cluster.url, name)))
  await gone.close()
  return { writers: present, away: installation }
}

/** Sends and waits until a server has it on disk. */
export async function sendStored(from: ChatClient, to: string, text: string): Promise<string> {
  const { id } = await from.send(to, { text })
  await untilStored(from, to, [id])
  return id
}

/** Resolves when these messages have left the sender: stored or further. */
export async function untilStored(
  from: ChatClient,
  to: string,
  ids: readonly string[],
): Promise<void> {
  await until(`a server stores ${ids.length} messages to ${to}`, async () => {
    const history = await from.history(to, { limit: 1000 })
    const waiting = history.filter(
      ({ id, ...message }) =>
        ids.includes(id) &&
        'state' in message &&
        ['queued', 'encrypting', 'sending'].includes(message.state?.kind ?? ''),
    )
    return waiting.length === 0 ? true : undefined
  })
}

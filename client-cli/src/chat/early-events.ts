import type { ChatClient, ChatEvents } from '../client.ts'

type Name = keyof ChatEvents

/** What is told once and can be read nowhere afterwards. */
const toldOnce = [
  'message',
  'missed',
  'key-changed',
  'group-alarm',
] as const satisfies readonly Name[]

export type EarlyEvent = {
  readonly [N in (typeof toldOnce)[number]]: { readonly name: N; readonly event: ChatEvents[N] }
}[(typeof toldOnce)[number]]

/** Keeps what a client tells until whoever shows it is there to listen. */
export function keepEarlyEvents(client: Pick<ChatClient, 'on'>): () => readonly EarlyEvent[] {
  const kept: EarlyEvent[] = []
  const stops = toldOnce.map((name) =>
    client.on(name, (event) => kept.push({ name, event } as EarlyEvent)),
  )
  return () => {
    for (const stop of stops) stop()
    return kept
  }
}

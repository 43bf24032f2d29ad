import type { Bus, Note, NoteListener } from './bus.ts'

/** A bus inside one process, for tests that need no PostgreSQL: the servers of a test share one of these. */
export function createMemoryBusHub(): (serverId: number) => Bus {
  const listenersOf = new Map<number, Set<NoteListener>>()

  const deliver = (serverId: number, note: Note) => {
    for (const listener of listenersOf.get(serverId) ?? []) queueMicrotask(() => listener(note))
  }

  return (serverId) => {
    const listeners = new Set<NoteListener>()
    let open = true
    listenersOf.set(serverId, listeners)
    return {
      send(to, note) {
        if (open) deliver(to, note)
      },
      broadcast(note) {
        if (open) for (const id of listenersOf.keys()) deliver(id, note)
      },
      listen(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      state: () => (open ? 'up' : 'down'),
      async close() {
        open = false
        listeners.clear()
        listenersOf.delete(serverId)
      },
    }
  }
}

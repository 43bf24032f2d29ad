import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import WebSocket from 'ws'
import type { Carrier } from './load.ts'

/** What is measured: something that carries messages, and the processes it does that with. */
export interface Subject {
  readonly name: string
  readonly carrier: Carrier
  readonly pids: readonly number[]
  close(): Promise<void>
}

/** The cheapest thing that carries a message: one process that knows sockets by name and answers its sender. */
export async function startRelay({
  pairs,
  textBytes,
}: {
  readonly pairs: number
  readonly textBytes: number
}): Promise<Subject> {
  const child = fork(path.join(import.meta.dirname, 'relay.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [port] = (await once(child, 'message')) as [number]
  const body = 'x'.repeat(textBytes)
  const answers = new Map<string, () => void>()
  const carrier: Carrier = {
    pairs,
    onArrival: () => {},
    send(pair, id) {
      senders[pair]?.send(JSON.stringify({ to: `b${pair}`, id, body }))
      return new Promise((resolve) => void answers.set(id, resolve))
    },
  }
  function receive(frame: { id: string; sent?: boolean }): void {
    if (frame.sent === true) answers.get(frame.id)?.()
    else carrier.onArrival(frame.id)
    if (frame.sent === true) answers.delete(frame.id)
  }
  async function connect(name: string) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${name}`, { perMessageDeflate: false })
    socket.on('message', (data) => receive(JSON.parse(data.toString())))
    await once(socket, 'open')
    return socket
  }
  const senders = await Promise.all(Array.from({ length: pairs }, (_, pair) => connect(`a${pair}`)))
  const readers = await Promise.all(Array.from({ length: pairs }, (_, pair) => connect(`b${pair}`)))
  return {
    name: 'bare ws relay, one process',
    carrier,
    pids: [child.pid as number],
    async close() {
      for (const socket of [...senders, ...readers]) socket.terminate()
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

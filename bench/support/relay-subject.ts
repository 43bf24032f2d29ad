import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import WebSocket from 'ws'
import type { Username } from '../../client-core/src/brands.ts'
import { generateDeviceKeys } from '../../client-core/src/crypto/device-keys.ts'
import { makeAccount, sealBodies } from './accounts.ts'
import type { Carrier } from './load.ts'

/** What is measured: something that carries messages, and the processes it does that with. */
export interface Subject {
  readonly name: string
  readonly carrier: Carrier
  readonly pids: readonly number[]
  close(): Promise<void>
}

/**
 * The cheapest thing that carries a message: one process that knows sockets by name and answers its sender. It carries what
 * FastChat carries: a text of `textBytes` bytes, sealed.
 */
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
  const body = await sealedText(textBytes)
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

/** Envelope and wrapped key of a message, as text. */
async function sealedText(textBytes: number): Promise<string> {
  const keys = await generateDeviceKeys({ extractable: true })
  const from = await makeAccount(keys, 'bench0' as Username)
  const to = await makeAccount(keys, 'bench1' as Username)
  const [sealed] = await sealBodies(from, to, { count: 1, textBytes })
  if (sealed === undefined) throw new Error('unreachable: one was asked for')
  return `${sealed.envelope} ${sealed.wrappedKey}`
}

import { once } from 'node:events'
import WebSocket from 'ws'

/** One graphql-ws socket, with as little work as possible on this side of it. */
export interface GraphqlSocket {
  readonly serverId: number
  readonly challenge: string
  /** Resolves with the data of one answer. */
  request(query: string, variables: object): Promise<Record<string, unknown>>
  // biome-ignore lint/suspicious/noExplicitAny: the bench trusts the server it measures.
  subscribe(query: string, variables: object, onData: (data: any) => void): void
  terminate(): void
}

interface Frame {
  readonly type: string
  readonly id?: string
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly payload?: any
}

export async function openGraphqlSocket(url: string, token: string): Promise<GraphqlSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  const listeners = new Map<string, (frame: Frame) => void>()
  let nextId = 0
  const post = (frame: object) => socket.send(JSON.stringify(frame))

  const acked = new Promise<{ serverId: number; challenge: string }>((resolve) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as Frame
      if (frame.type === 'connection_ack') resolve(frame.payload)
      else if (frame.type === 'ping') post({ type: 'pong' })
      else listeners.get(frame.id ?? '')?.(frame)
    })
  })
  post({ type: 'connection_init', payload: { token } })

  return {
    ...(await acked),
    request(query, variables) {
      const id = String(nextId++)
      return new Promise((resolve, reject) => {
        listeners.set(id, (frame) => {
          if (frame.type === 'next' && frame.payload.errors === undefined)
            resolve(frame.payload.data)
          else if (frame.type !== 'complete') reject(new Error(JSON.stringify(frame.payload)))
          if (frame.type !== 'next') listeners.delete(id)
        })
        post({ id, type: 'subscribe', payload: { query, variables } })
      })
    },
    subscribe(query, variables, onData) {
      const id = String(nextId++)
      listeners.set(id, (frame) => {
        if (frame.type !== 'next') throw new Error(`subscription ended: ${JSON.stringify(frame)}`)
        onData(frame.payload.data)
      })
      post({ id, type: 'subscribe', payload: { query, variables } })
    },
    terminate: () => socket.terminate(),
  }
}

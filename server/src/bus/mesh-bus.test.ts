import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { createLog } from '../observability/log.ts'
import { collect, mailboxNote, testBusContract } from './bus.contract.ts'
import { createMeshBus } from './mesh-bus.ts'

const log = createLog({ level: 'silent', serverId: 0 })

function startMesh() {
  const secret = randomBytes(32)
  const servers = new Map<number, Server>()
  const closing: (() => Promise<void>)[] = []
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const listPeers = async () => [...servers].map(([id, server]) => ({ id, url: urlOf(server) }))

  async function open(serverId: number) {
    const bus = createMeshBus({ serverId, secret, log, listPeers })
    const server = createServer().listen(0, '127.0.0.1')
    server.on('upgrade', (request, wire, head) => {
      if (!bus.handleUpgrade(request, wire, head)) wire.destroy()
    })
    await once(server, 'listening')
    servers.set(serverId, server)
    const close = async () => {
      servers.delete(serverId)
      await bus.close()
      server.close()
    }
    closing.push(close)
    return { ...bus, close }
  }
  const close = async () => {
    await Promise.all(closing.map((closeOne) => closeOne()))
  }
  return {
    open,
    close,
    server: (id: number) => servers.get(id) as Server,
    url: (id: number) => urlOf(servers.get(id) as Server),
  }
}

testBusContract('the mesh bus', async () => startMesh())

test('a stranger, and a pass for another server, get no link', async () => {
  const mesh = startMesh()
  const one = await mesh.open(1)

  for (const authorization of ['', 'Bearer x', `Bearer ${Date.now()}.n.${'A'.repeat(43)}`]) {
    const socket = new WebSocket(`${mesh.url(1).replace('http', 'ws')}/bus`, {
      headers: { authorization },
    })
    const [error] = (await once(socket, 'error')) as [Error]
    assert.match(error.message, /403/)
  }
  await one.close()
  await mesh.close()
})

test('a pass that was read off the wire opens no second link', async () => {
  const mesh = startMesh()
  const [one, two] = [await mesh.open(1), await mesh.open(2)]
  const passes: string[] = []
  mesh
    .server(2)
    .prependListener('upgrade', ({ headers }) => passes.push(headers.authorization ?? ''))
  const atTwo = collect(two)
  const note = mailboxNote()
  one.send(2, note)
  await atTwo.until(note)
  const [authorization = ''] = passes

  const again = new WebSocket(`${mesh.url(2).replace('http', 'ws')}/bus`, {
    headers: { authorization },
  })

  const [error] = (await once(again, 'error')) as [Error]
  assert.match(error.message, /403/)
  await mesh.close()
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { askServer } from './ask-server.ts'

test('an address where nothing answers is asked for again', async () => {
  const server = createServer((_request, response) => void response.end('ok')).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const typed = ['alice', 'http://127.0.0.1:1', address]
  const said: string[] = []

  const url = await askServer({
    canAsk: true,
    say: (line) => void said.push(line),
    ask: async () => typed.shift() ?? '',
    askSecret: async () => '',
  })

  assert.equal(url, `http://${address}`)
  assert.equal(said.length, 2)
  server.close()
})

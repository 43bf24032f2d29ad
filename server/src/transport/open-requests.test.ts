import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { trackRequests } from './open-requests.ts'

async function setUp(t: TestContext) {
  const requests = trackRequests()
  const responses = new Map<string, ServerResponse>()
  const server = createServer((request, response) => {
    requests.add(response)
    responses.set(request.url ?? '', response)
    if (request.url?.startsWith('/stream') === true) {
      response.setHeader('content-type', 'text/event-stream')
      response.write(':\n\n')
    }
    server.emit('asked')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    requests,
    /** Resolves when the server has the request; the outcome comes later. */
    async ask(path: string) {
      const asked = once(server, 'asked')
      const outcome = fetch(`${url}${path}`)
        .then((response) => response.text())
        .catch(() => 'cut off')
      await asked
      const response = responses.get(path)
      if (response === undefined) throw new Error('unreachable: it was asked')
      return { response, outcome }
    },
  }
}

test('when a session ends, the streams of that session are cut off; other streams, and its last answer, are not', async (t) => {
  const { requests, ask } = await setUp(t)
  const [alices, bobs] = [await ask('/stream/alice'), await ask('/stream/bob')]
  const signOut = await ask('/sign-out')
  requests.belongsTo(alices.response, 'alice')
  requests.belongsTo(signOut.response, 'alice')
  requests.belongsTo(bobs.response, 'bob')

  requests.endSession('alice')
  const alice = await alices.outcome
  signOut.response.end('signed out')
  bobs.response.end('done')

  assert.equal(alice, 'cut off')
  assert.equal(await signOut.outcome, 'signed out')
  assert.equal(await bobs.outcome, ':\n\ndone')
})

test('a drain ends streams at once and lets a request be answered', async (t) => {
  const { requests, ask } = await setUp(t)
  const [stream, request] = [await ask('/stream'), await ask('/request')]

  const finished = requests.finish(10_000)
  const streamed = await stream.outcome
  request.response.end('answer')
  await finished

  assert.equal(streamed, 'cut off')
  assert.equal(await request.outcome, 'answer')
})

test('a request that is never answered does not hold up a drain for ever', async (t) => {
  const { requests, ask } = await setUp(t)
  const request = await ask('/request')

  await requests.finish(50)

  assert.equal(await request.outcome, 'cut off')
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createDesk } from './desk.ts'
import { createLinks } from './links.ts'

async function openDesk(context: TestContext) {
  const links = createLinks((door) => `http://127.0.0.1/${door}`)
  const server = createServer(
    createDesk({
      links,
      isKey: (key) => key === 'the-key',
      open: async (door) => ({ kind: 'operator', name: door, password: 'not told twice' }),
      state: () => ({ carol: false }),
      fulfil: async ({ verb }) => ({ said: `did ${verb}` }),
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const secretTo = () => links.make('dashboard').split('#demo=')[1] ?? ''

  const post = async (
    path: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const asked = request({ port, path, method: 'POST', headers: { ...json, ...headers } })
    asked.end(JSON.stringify(body))
    const [answer] = await once(asked, 'response')
    answer.resume()
    return answer.statusCode as number
  }
  return { port, secretTo, post }
}

const json = { 'content-type': 'application/json' }

test('a link is redeemed once, whoever comes first', async (context) => {
  const { post, secretTo } = await openDesk(context)
  const secret = secretTo()

  const answers = await Promise.all([
    post('/demo/redeem', { secret }),
    post('/demo/redeem', { secret }),
  ])
  assert.deepEqual(answers.sort(), [200, 410])
  assert.equal(await post('/demo/redeem', { secret: 'guessed' }), 410)
})

test('pages of other origins, other names of this machine and forms redeem nothing', async (context) => {
  const { port, post, secretTo } = await openDesk(context)
  const secret = secretTo()

  assert.equal(await post('/demo/redeem', { secret }, { origin: 'https://evil.example' }), 403)
  assert.equal(await post('/demo/redeem', { secret }, { origin: 'null' }), 403)
  assert.equal(await post('/demo/redeem', { secret }, { host: `evil.example:${port}` }), 421)
  assert.equal(await post('/demo/redeem', { secret }, { 'content-type': 'text/plain' }), 403)
  assert.equal(
    await post(
      '/demo/redeem',
      { secret },
      { origin: `http://localhost:${port}`, host: `127.0.0.1:${port}` },
    ),
    403,
  )
  // None of them has used it up.
  assert.equal(
    await post(
      '/demo/redeem',
      { secret },
      { host: `localhost:${port}`, origin: `http://localhost:${port}` },
    ),
    200,
  )
})

test('wishes need the key of whoever started the demo', async (context) => {
  const { post } = await openDesk(context)
  const wish = { verb: 'kill', server: 3 }

  assert.equal(await post('/demo/do', wish), 401)
  assert.equal(await post('/demo/do', wish, { authorization: 'Bearer guessed' }), 401)
  assert.equal(await post('/demo/do', wish, { authorization: 'Bearer the-key' }), 200)
  assert.equal(await post('/demo/state', {}), 401)
})

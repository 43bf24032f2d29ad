import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { createPlayground } from './playground.ts'

const serve = createPlayground()
const server = createServer((incoming, response) => void serve(incoming, response))

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
after(() => server.close())

// Not fetch: it would decompress by itself.
async function get(headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo
  const asked = request({ port, host: '127.0.0.1', path: '/playground', headers, agent: false })
  asked.end()
  const [response] = await once(asked, 'response')
  const body = Buffer.concat(await response.toArray())
  return {
    status: response.statusCode as number,
    headers: response.headers as IncomingHttpHeaders,
    body,
  }
}

test('the page loads nothing from anywhere: its scripts, styles, fonts and icon are inside', async () => {
  const html = (await get()).body.toString('utf8')
  const head = html.slice(0, html.indexOf('<style>'))

  assert.doesNotMatch(html, /<script[^>]+\bsrc=/i)
  assert.doesNotMatch(html, /<link[^>]+href="https?:/i)
  assert.doesNotMatch(html, /@import|url\(\s*["']?https?:/i)
  assert.match(head, /rel="icon" href="data:/)
})

test('the policy lets this page run what is inside it, talk to its own server, and nothing else', async () => {
  const { headers } = await get()
  const policy = String(headers['content-security-policy'])

  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /connect-src 'self'(;|$)/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe-eval|https?:|\*/)
})

test('tokens are not kept in the browser, and subscriptions come over server-sent events', async () => {
  const html = (await get()).body.toString('utf8')

  assert.match(html, /"shouldPersistHeaders":false/)
  assert.match(html, /"subscriptionsProtocol":"SSE"/)
})

test('the page is compressed once and not sent again to who has it', async () => {
  const plain = await get()
  const [brotli, gzip] = [
    await get({ 'accept-encoding': 'gzip, br' }),
    await get({ 'accept-encoding': 'gzip' }),
  ]
  const again = await get({ 'if-none-match': String(plain.headers.etag) })

  assert.equal(brotli.headers['content-encoding'], 'br')
  assert(brotliDecompressSync(brotli.body).equals(plain.body))
  assert(gunzipSync(gzip.body).equals(plain.body))
  assert(brotli.body.length < plain.body.length / 3)
  assert.equal(again.status, 304)
  assert.equal(again.body.length, 0)
})

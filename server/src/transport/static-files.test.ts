import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { createStaticFiles } from './static-files.ts'
import { webAppPolicy, webWorkerPolicy } from './web-app-policy.ts'

const page = '<!doctype html><script>start()</script><script src="/x.js"></script>'

/** A server on a folder with an app, and a file beside the folder that nobody may have. */
async function withApp(use: (url: string) => Promise<void>): Promise<void> {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'fastchat-files-'))
  const folder = path.join(parent, 'app')
  mkdirSync(path.join(folder, '_app/immutable'), { recursive: true })
  writeFileSync(path.join(parent, 'secret.txt'), 'secret')
  writeFileSync(path.join(folder, 'index.html'), page)
  writeFileSync(path.join(folder, '_app/immutable/a.js'), 'long script')
  writeFileSync(path.join(folder, 'service-worker.js'), 'keep()')
  writeFileSync(path.join(folder, '_app/immutable/a.js.br'), 'short')
  const files = createStaticFiles({
    folder,
    policyOf: webWorkerPolicy,
    pagePolicy: async (hashes) => webAppPolicy(hashes, ['http://127.0.0.1:7681']),
  })
  const server = createServer((request, response) => {
    void files(request, response).then((found) => {
      if (!found) response.writeHead(404).end('nothing')
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
    server.closeAllConnections()
    rmSync(parent, { recursive: true })
  }
}

const asPage = { headers: { accept: 'text/html', 'accept-encoding': 'identity' } }

test('a page allows its own inline script by hash, the servers, and nothing else', async () => {
  await withApp(async (url) => {
    const answer = await fetch(url, asPage)

    const policy = answer.headers.get('content-security-policy') ?? ''
    const hash = createHash('sha256').update('start()').digest('base64')
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval' '/)
    assert.ok(policy.includes(`'sha256-${hash}'`))
    assert.ok(policy.includes("connect-src 'self' http://127.0.0.1:7681 ws://127.0.0.1:7681;"))
    assert.ok(policy.includes("frame-ancestors 'none'"))
    assert.ok(policy.includes("require-trusted-types-for 'script'"))
    assert.ok(!policy.includes('unsafe-inline') && !policy.includes("'unsafe-eval'"))
    assert.equal(await answer.text(), page)
  })
})

test('what has its hash in its name is kept for ever, a page is asked for again', async () => {
  await withApp(async (url) => {
    const script = await fetch(`${url}/_app/immutable/a.js`)
    assert.match(script.headers.get('cache-control') ?? '', /immutable/)

    const first = await fetch(url, asPage)
    assert.equal(first.headers.get('cache-control'), 'no-cache')
    const etag = first.headers.get('etag') ?? ''
    const again = await fetch(url, { headers: { ...asPage.headers, 'if-none-match': etag } })
    assert.equal(again.status, 304)
  })
})

test('a browser that can read brotli gets the smaller twin', async () => {
  await withApp(async (url) => {
    const plain = await fetch(`${url}/_app/immutable/a.js`, {
      headers: { 'accept-encoding': 'identity' },
    })
    assert.equal(await plain.text(), 'long script')
    assert.equal(plain.headers.get('content-encoding'), null)

    const small = await fetch(`${url}/_app/immutable/a.js`, {
      method: 'HEAD',
      headers: { 'accept-encoding': 'br' },
    })
    assert.equal(small.headers.get('content-encoding'), 'br')
    assert.equal(small.headers.get('content-length'), '5')
  })
})

test('the worker may fetch the parts of the app and nothing else', async () => {
  await withApp(async (url) => {
    const worker = await fetch(`${url}/service-worker.js`)

    const policy = worker.headers.get('content-security-policy') ?? ''
    assert.ok(policy.includes("default-src 'none'") && policy.includes("connect-src 'self';"))
    assert.equal(worker.headers.get('cache-control'), 'no-cache')
  })
})

test('an unknown address is the app for a person, and nothing for a script', async () => {
  await withApp(async (url) => {
    assert.equal((await fetch(`${url}/some/where`, asPage)).status, 200)
    assert.equal((await fetch(`${url}/gone.js`)).status, 404)
  })
})

test('no path leads out of the folder', async () => {
  await withApp(async (url) => {
    for (const way of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/_app/../../secret.txt',
      '//secret.txt',
    ])
      assert.doesNotMatch(await (await fetch(url + way)).text(), /secret/, way)
  })
})

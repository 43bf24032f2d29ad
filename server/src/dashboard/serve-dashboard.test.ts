import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { readDashboardConfig } from './config.ts'
import { serveDashboard } from './serve-dashboard.ts'
import { createServerList } from './server-list.ts'

async function listen(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function stop(server: Server): void {
  server.close()
  server.closeAllConnections()
}

/** Answers as the balancer does. */
const tells =
  (...urls: readonly string[]): RequestListener =>
  (_request, response) => {
    const servers = urls.map((url, place) => ({ id: place + 1, url }))
    response.end(JSON.stringify({ data: { balancer: { servers } } }))
  }

async function withDashboard(use: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fastchat-dashboard-'))
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><script>start()</script>')
  const servers = {
    look: async () => ({
      balancer: 'http://127.0.0.1:7680',
      servers: ['http://127.0.0.1:7681', 'https://two.example.org'],
    }),
  }
  const { server, url } = await listen(serveDashboard({ folder, servers }))
  try {
    await use(url)
  } finally {
    stop(server)
    rmSync(folder, { recursive: true })
  }
}

test('the page may run its own script, talk to the servers and the balancer, and nothing else', async () => {
  await withDashboard(async (url) => {
    const answer = await fetch(url, { headers: { accept: 'text/html' } })

    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /script-src 'self' 'sha256-[^' ]+';/)
    assert.ok(
      policy.includes(
        "connect-src 'self' http://127.0.0.1:7680 http://127.0.0.1:7681 https://two.example.org ws://127.0.0.1:7680 ws://127.0.0.1:7681 wss://two.example.org;",
      ),
      policy,
    )
    assert.ok(policy.includes("frame-ancestors 'none'"))
    assert.ok(!/unsafe-(inline|eval)/.test(policy))
    assert.equal(answer.headers.get('x-frame-options'), 'DENY')
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  })
})

test('whoever asks where the servers are is told, and no more can be had', async () => {
  await withDashboard(async (url) => {
    const servers = await fetch(`${url}/servers`)
    const posted = await fetch(`${url}/servers`, { method: 'POST' })
    const missing = await fetch(`${url}/graphql`)

    assert.deepEqual(await servers.json(), {
      balancer: 'http://127.0.0.1:7680',
      servers: ['http://127.0.0.1:7681', 'https://two.example.org'],
    })
    assert.equal(posted.status, 405)
    assert.equal(missing.status, 404)
  })
})

test('when the balancer is gone, a server that is known says where the others are', async () => {
  const clock = { now: 0 }
  const another = 'http://127.0.0.1:9'
  const one = await listen((request, response) => tells(one.url, another)(request, response))
  const balancer = await listen((request, response) => tells(one.url)(request, response))
  const list = createServerList(balancer.url, () => clock.now)

  assert.deepEqual((await list.look()).servers, [one.url])
  stop(balancer.server)
  clock.now += 10_000

  assert.deepEqual((await list.look()).servers, [one.url, another])
  stop(one.server)
  clock.now += 10_000
  assert.deepEqual((await list.look()).servers, [one.url, another])
})

test('a balancer that knows no server yet is asked again at once', async () => {
  let known: readonly string[] = []
  const balancer = await listen((request, response) => tells(...known)(request, response))
  const list = createServerList(balancer.url, () => 0)

  assert.deepEqual((await list.look()).servers, [])
  known = ['http://127.0.0.1:7681']
  assert.deepEqual((await list.look()).servers, known)
  known = []
  assert.deepEqual((await list.look()).servers, ['http://127.0.0.1:7681'])
  stop(balancer.server)
})

test('a dashboard that was told too little says what is missing', () => {
  assert.throws(() => readDashboardConfig({ PORT: '7690' }), /FASTCHAT_BALANCER_URL/)
  assert.throws(
    () => readDashboardConfig({ PORT: '7690', FASTCHAT_BALANCER_URL: 'file:///etc' }),
    /FASTCHAT_BALANCER_URL/,
  )
  assert.deepEqual(
    readDashboardConfig({
      PORT: '7690',
      FASTCHAT_BALANCER_URL: 'http://127.0.0.1:7680/',
      FASTCHAT_WEB_FOLDER: '/srv/dashboard',
      HOST: '',
    }),
    {
      host: '127.0.0.1',
      port: 7690,
      balancerUrl: 'http://127.0.0.1:7680',
      folder: '/srv/dashboard',
    },
  )
})

// Keeps the shell, so that the app opens without a network. Never anything of GraphQL, and never a
// message: those are with the client, encrypted.
import { version } from '$app/env'
import { assets, immutable } from '$app/manifest'

const worker = globalThis as unknown as ServiceWorkerGlobalScope
const shelf = `shell-${version}`
const parts = [...immutable, ...assets].map(({ path }) => `/${path.replace(/^\//, '')}`)
const pageWithinMs = 3000

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldShells())
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(freshPage(request))
  else if (parts.includes(pathname)) event.respondWith(kept(request))
})

/** It takes over when the last tab of the version before is closed: until then that needs its parts. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(shelf)
  await cache.addAll(['/', ...parts])
}

async function forgetOldShells(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== shelf).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

/** From the server while it answers: its policy names the servers there are now. */
async function freshPage(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(pageWithinMs) })
    if (answer.ok) return answer
  } catch {
    // Without a network the shell that was kept is the page.
  }
  return (await caches.match('/')) ?? Response.error()
}

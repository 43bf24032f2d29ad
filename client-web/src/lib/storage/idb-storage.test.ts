import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { storageContract } from '../../../../client-core/src/storage/storage.contract.ts'
import { launchBrowser } from '../../../../tests/support/browser.ts'
import { untilTrue } from '../../../../tests/support/until.ts'

type InBrowser = typeof import('./testing/in-browser.ts')

const workspace = path.join(import.meta.dirname, '../../..')
const cacheDir = mkdtempSync(path.join(os.tmpdir(), 'fastchat-vite-'))
let server: ViteDevServer
let browser: Browser
let context: BrowserContext

before(async () => {
  server = await createServer({
    root: workspace,
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    cacheDir,
    optimizeDeps: { include: ['idb', 'cborg'] },
    server: { host: '127.0.0.1', port: 0, fs: { allow: [path.dirname(workspace), cacheDir] } },
  })
  await server.listen()
  browser = await launchBrowser()
  context = await browser.newContext()
  // An empty page of the right origin: what it runs is loaded by name.
  await context.route(address(), (route) => {
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
  })
})

after(async () => {
  await browser?.close()
  await server?.close()
  rmSync(cacheDir, { recursive: true, force: true })
})

function address(): string {
  return server.resolvedUrls?.local[0] ?? ''
}

async function openTab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address())
  return page
}

/** Calls a function of testing/in-browser.ts in the tab. */
async function call<Name extends keyof InBrowser>(page: Page, name: Name, argument = '') {
  const answer = await page.evaluate(
    async ([called, given]) => {
      const module = await import('/src/lib/storage/testing/in-browser.ts' as string)
      return module[called](given)
    },
    [name, argument] as const,
  )
  return answer as InBrowser[Name] extends (...args: never) => Promise<infer Answer>
    ? Answer
    : never
}

for (const { name } of storageContract) {
  test(`in IndexedDB, ${name}`, async () => {
    const tab = await openTab()

    assert.deepEqual(await call(tab, 'runContractCase', name), [])
  })
}

test('only one tab holds the lock, and the lock of a tab that died is free', async () => {
  const [first, second] = [await openTab(), await openTab()]
  assert.equal(await call(first, 'takeLock'), true)
  assert.equal(await call(second, 'takeLock'), false)

  await first.close()

  await untilTrue('the lock is free', () => call(second, 'takeLock'))
})

test('keys survive a reload, work, and no script can carry their secret away', async () => {
  const tab = await openTab()
  await call(tab, 'saveKeys')
  await tab.reload()

  assert.deepEqual(await call(tab, 'useKeys'), {
    areExtractable: false,
    wereExported: false,
    signatureBytes: 64,
  })
})

test('cleared keys are gone', async () => {
  const tab = await openTab()
  await call(tab, 'saveKeys')

  await call(tab, 'clearKeys')

  assert.equal(await call(tab, 'useKeys'), undefined)
})

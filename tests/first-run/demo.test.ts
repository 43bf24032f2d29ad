import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { findBusyPorts } from '../../server/src/supervisor/ports.ts'
import { isAlive } from '../../tools/lock.mjs'
import { launchBrowser } from '../support/browser.ts'
import { deadlineMs, until, untilTrue } from '../support/until.ts'
import { follow, type Running } from './fake-clone.ts'

const root = path.resolve(import.meta.dirname, '../..')
const port = 17_860
const ports = [0, 1, 2, 3, 4, 5, 6, 10, 11].map((step) => port + step)
// Everything that a demo makes lies in the temporary folder: this one is looked through afterwards.
const temporary = mkdtempSync(path.join(os.tmpdir(), 'fastchat-demo-test-'))
chmodSync(temporary, 0o755)

/** Through the door that people use. */
function npmRunDemo(...args: readonly string[]): Running {
  return follow(
    spawn(process.execPath, [path.join(root, 'tools/run.mjs'), 'demo', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary },
    }),
  )
}

async function startDemo(): Promise<{ readonly running: Running; readonly said: string }> {
  const running = npmRunDemo('--port', String(port), '--speed', '10')
  let said = ''
  running.process.stdout?.on('data', (text: string) => {
    said += text
  })
  await running.writes('deletes everything.')
  return { running, said }
}

const demoFolders = () => readdirSync(temporary).filter((name) => name.startsWith('fastchat-demo-'))

function pidOfDemo(): number {
  const [folder] = demoFolders()
  return Number(readFileSync(path.join(temporary, folder ?? '', 'running.lock'), 'utf8'))
}

let demo: Awaited<ReturnType<typeof startDemo>>
let browser: Browser

before(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), launchBrowser()])
})

after(async () => {
  await browser.close()
  demo.running.process.kill('SIGTERM')
  await demo.running.ended
  rmSync(temporary, { recursive: true, force: true, maxRetries: 10 })
})

const linkTo = (name: string) =>
  new RegExp(`${name} +(http\\S+#demo=\\S+)`).exec(demo.said)?.[1] ?? ''

async function open(address: string): Promise<Page> {
  const context = await browser.newContext()
  context.setDefaultTimeout(deadlineMs)
  const page = await context.newPage()
  await page.goto(address)
  return page
}

const chatWith = (page: Page, name: string) =>
  page
    .getByRole('list', { name: 'Chats' })
    .getByRole('link')
    .filter({ has: page.getByText(name, { exact: true }) })

async function say(page: Page, to: string, text: string): Promise<void> {
  await chatWith(page, to).click()
  await page.getByRole('textbox', { name: `Message to ${to}` }).fill(text)
  await page.getByRole('textbox', { name: `Message to ${to}` }).press('Enter')
}

const row = (page: Page, text: string | RegExp) =>
  page.getByRole('log', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text })

test('the link of alice opens her chats with nothing typed, leaves no secret, and opens once', async () => {
  const link = linkTo('Chat as alice')
  const asked: string[] = []
  const page = await open('about:blank')
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(link)

  await row(page, 'I am bob-bot').waitFor()
  for (const name of ['carol', 'team']) await chatWith(page, name).waitFor()
  const secret = link.split('=')[1] ?? ''
  assert.ok(secret.length > 20)
  assert.equal(new URL(page.url()).hash, '#/with/bob-bot')
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  )
  assert.ok(!kept.includes(secret))
  assert.deepEqual(
    asked.filter((url) => url.includes(secret)),
    [],
  )
  const again = await open(link)
  await again.getByText('This link was used already').waitFor()
  assert.equal(await again.getByRole('navigation', { name: 'Conversations' }).count(), 0)
  assert.ok(!again.url().includes('demo'), again.url())
})

test('in another browser too bob-bot echoes, and carol gets what waited when she is brought online', async () => {
  const link = await newLink('Chat as alice')
  const page = await open(link)
  await row(page, 'I am bob-bot').waitFor()

  await say(page, 'bob-bot', 'Is there an echo?')
  await row(page, 'Is there an echo?').filter({ hasText: 'Delivered' }).waitFor()
  await untilTrue('an echo', async () => (await row(page, 'Is there an echo?').count()) === 2)

  await row(page, 'I am bob-bot').waitFor()
  await chatWith(page, 'carol').click()
  await row(page, 'My train leaves').waitFor()
  await say(page, 'carol', 'Where are you?')
  const waits = await row(page, /deleted in 0:(0\d|1[012])\b/).textContent()
  assert.match(waits ?? '', /Where are you/)
  const { code } = await npmRunDemo('carol', 'online').ended

  assert.equal(code, 0)
  await row(page, 'Where are you?').filter({ hasText: 'Delivered' }).waitFor()
  await row(page, 'Back online!').waitFor()
})

async function newLink(name: string): Promise<string> {
  const { stdout } = await npmRunDemo('links').ended
  return new RegExp(`${name} +(http\\S+)`).exec(stdout)?.[1] ?? ''
}

test('the link to the dashboard opens it signed in, once', async () => {
  const link = linkTo('Dashboard')
  const page = await open(link)

  await page.getByRole('heading', { name: 'Servers', exact: true }).waitFor()
  assert.equal(new URL(page.url()).hash, '')
  const again = await open(link)
  await again.getByRole('alert').filter({ hasText: 'This link was used already' }).waitFor()
})

test('the link to the buttons opens a page that kills a server', async () => {
  const page = await open(linkTo('Buttons'))

  await page.getByRole('button', { name: 'Kill 2' }).click()
  await page.getByRole('status').filter({ hasText: 'Server 2 was killed' }).waitFor()
  await demo.running.writes('server-2 is back.')
})

test('the link to the playground goes there with a sealed sample, and with a token that works', async () => {
  const page = await open(linkTo('Playground'))
  await page.waitForURL(/\/playground$/)
  await page.getByRole('tab', { name: 'Send' }).waitFor()
  // GraphiQL keeps its tabs a moment after it shows them.
  await page.waitForFunction(() =>
    /envelope[\\":\s]+[\w-]{200}/.test(localStorage.getItem('graphiql:tabState') ?? ''),
  )

  const [address, secret] = (await newLink('Playground')).split('#demo=')
  const redeemed = await post(new URL('/demo/redeem', address), { secret })
  const filled = new URL(String(redeemed.url)).hash.slice(1)
  const { token } = JSON.parse(Buffer.from(filled, 'base64url').toString())
  const query = '{ me { account { username } } }'
  const answer = await post(new URL('/graphql', String(redeemed.url)), { query }, token)
  assert.deepEqual(answer, { data: { me: { account: { username: 'pat' } } } })
})

async function post(url: URL, body: object, token?: string): Promise<Record<string, unknown>> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await answer.json()) as Record<string, unknown>
}

test('a server that is killed comes back, and what cannot be asked for is said clearly', async () => {
  const killed = await npmRunDemo('kill', '3').ended
  const unknown = await npmRunDemo('kil', '3').ended
  const tooMany = await npmRunDemo('kill', '9').ended
  const elsewhere = await npmRunDemo('kill', '3', '--port', '4000').ended

  assert.equal(killed.code, 0)
  await demo.running.writes('server-3 is back.')
  assert.match(unknown.stderr, /does not know "kil"\. Did you mean "kill"\?/)
  assert.match(tooMany.stderr, /from 1 to 5/)
  assert.match(elsewhere.stderr, new RegExp(`No demo is at port 4000, but at ${port}`))
  assert.deepEqual([unknown.code, tooMany.code, elsewhere.code], [1, 1, 1])
})

test('a demo that is killed is cleared away by the next, which leaves nothing when it is stopped', async () => {
  await npmRunDemo('slow', '4').ended
  const killed = pidOfDemo()
  process.kill(killed, 'SIGKILL')
  await demo.running.ended
  const [left] = demoFolders()
  assert.ok(left !== undefined)

  demo = await startDemo()
  assert.match(demo.said, /Clearing away a demo that was killed/)
  assert.ok(!demoFolders().includes(left))
  const pid = pidOfDemo()
  demo.running.process.kill('SIGTERM')
  const { code, stdout } = await demo.running.ended

  assert.equal(code, 0)
  assert.match(stdout, /Nothing is left\.\n$/)
  assert.deepEqual(demoFolders(), [])
  assert.equal(isAlive(pid), false)
  await until('free ports', async () =>
    (await findBusyPorts(ports)).length === 0 ? true : undefined,
  )
})

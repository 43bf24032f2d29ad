// node tools/screenshots/demo.ts: the pictures of the demo in docs/images: what npm run demo prints, taken in tmux, and what alice's
// link opens. Needs tmux, a Chromium and the usual ports; not part of the tests.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { launchBrowser } from '../../tests/support/browser.ts'
import { until } from '../../tests/support/until.ts'
import { root } from '../bootstrap.mjs'
import { chatApp, dashboardApp, ensureWebApp } from '../build/web-app.ts'
import { ansiToSvg } from './ansi-to-svg.ts'

const columns = 104
const rows = 32
const images = path.join(root, 'docs/images')
const socket = `fastchat-demo-screenshots-${process.pid}`
const tmux = (...args: readonly string[]) =>
  execFileSync('tmux', ['-L', socket, ...args], { encoding: 'utf8', cwd: root })

mkdirSync(images, { recursive: true })
// Before: a picture of a demo that is warm.
for (const app of [chatApp, dashboardApp]) await ensureWebApp(app, console.log)
tmux('new-session', '-d', '-s', 'demo', '-x', String(columns), '-y', String(rows), 'sh')
try {
  tmux('send-keys', '-t', 'demo', 'PS1="$ "; export npm_config_loglevel=silent; clear', 'Enter')
  tmux('send-keys', '-t', 'demo', 'npm run demo', 'Enter')
  const screen = await until('the addresses of the demo', () => {
    const shown = tmux('capture-pane', '-t', 'demo', '-e', '-p')
    return shown.includes('deletes everything') ? shown : undefined
  })
  const title = 'What npm run demo prints: addresses that open signed in, and what to try'
  writeFileSync(path.join(images, 'demo-terminal.svg'), ansiToSvg(screen, columns, title))
  const plain = tmux('capture-pane', '-t', 'demo', '-p')
  await takeChat(/Chat as alice +(http\S+)/.exec(plain)?.[1] ?? '')
} finally {
  tmux('send-keys', '-t', 'demo', 'C-c')
  await until('the end of the demo', () =>
    tmux('capture-pane', '-t', 'demo', '-p').includes('Nothing is left') ? true : undefined,
  )
  tmux('kill-server')
}
process.exit()

async function takeChat(link: string): Promise<void> {
  await using browser = await launchBrowser()
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1.5,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(link)
  await chatWith(page, 'team').waitFor()
  await say(page, 'bob-bot', 'hello, is anybody reading along?')
  await page.getByRole('listitem').filter({ hasText: 'reading along?' }).nth(1).waitFor()
  await say(page, 'carol', 'see you on the platform')
  await page.getByRole('log').getByText('Stored').waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: path.join(images, 'demo-alice.png') })
}

function chatWith(page: Page, name: string): Locator {
  return page
    .getByRole('list', { name: 'Chats' })
    .getByRole('link')
    .filter({ has: page.getByText(name, { exact: true }) })
}

async function say(page: Page, to: string, text: string): Promise<void> {
  await chatWith(page, to).click()
  const composer = page.getByRole('textbox', { name: `Message to ${to}` })
  await composer.fill(text)
  await composer.press('Enter')
}

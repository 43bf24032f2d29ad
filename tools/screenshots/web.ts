// node tools/screenshots/web.ts: the pictures of the web app in docs/images, made in a real browser on real servers. Needs a
// Chromium; not part of the tests.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { landscapePng } from '../../client-cli/src/images/testing/landscape.ts'
import { launchBrowser } from '../../tests/support/browser.ts'
import { startCluster } from '../../tests/support/cluster.ts'
import { root } from '../bootstrap.mjs'
import { chatApp, ensureWebApp } from '../build/web-app.ts'
import { withThrowAwayPostgres } from '../postgres/throw-away.ts'

const images = path.join(root, 'docs/images')
const wide = { width: 1280, height: 800 }
const phone = { width: 390, height: 780 }
const password = 'correct horse battery'

const home = mkdtempSync(path.join(os.tmpdir(), 'fastchat-screens-'))
mkdirSync(images, { recursive: true })
const webFolder = await ensureWebApp(chatApp, console.log)
const browser = await launchBrowser()
try {
  await withThrowAwayPostgres(async ({ url }) => {
    const env = { FASTCHAT_WEB_FOLDER: webFolder }
    await using cluster = await startCluster({ postgresUrl: url, env })
    await take(browser, cluster.url)
  })
} finally {
  await browser.close()
  rmSync(home, { recursive: true, force: true })
}

async function take(inside: Browser, url: string): Promise<void> {
  const view = path.join(home, 'evening.png')
  writeFileSync(view, await landscapePng())
  const [alice, bob, carol] = [await person(inside), await person(inside), await person(inside)]
  await signUp(alice, url, 'alice')
  await signUp(bob, url, 'bob')
  await signUp(carol, url, 'carol')

  await startChat(alice, 'bob')
  await say(alice, 'are we still on for tonight?')
  await open(bob, 'alice')
  await say(bob, 'yes, see you at **six**')
  await bob.getByLabel('Files to attach').setInputFiles(view)
  await bob.getByLabel('Caption').fill('the view from up there')
  await bob.getByRole('button', { name: 'Send', exact: true }).last().click()
  await alice.getByRole('img', { name: 'the view from up there' }).waitFor()
  await alice.getByRole('button', { name: 'Mark verified' }).click()

  await alice.getByRole('button', { name: 'New group' }).click()
  await alice.getByLabel('Name of the group').fill('hikers')
  for (const name of ['bob', 'carol']) await choose(alice, name)
  await alice.getByRole('button', { name: 'Create group' }).click()
  await alice.getByRole('heading', { name: 'hikers' }).waitFor()
  await say(alice, 'who brings the map?')
  await open(carol, 'hikers')
  await say(carol, 'I do')
  await alice.getByRole('log').getByText('I do').waitFor()
  await open(bob, 'hikers')
  await say(bob, 'and I bring the tent')
  await alice.getByRole('log').getByText('the tent').waitFor()
  await say(alice, 'then I only bring myself')
  await alice.getByRole('button', { name: 'Delivered to all' }).last().waitFor()
  await shoot(alice, 'web-group')

  await open(alice, 'bob')
  await bob.close()
  await carol.close()
  await say(alice, 'beautiful. I bring the map')
  await alice.getByRole('log').getByText('Stored').waitFor()
  await shoot(alice, 'web-light')
  await alice.emulateMedia({ colorScheme: 'dark' })
  await shoot(alice, 'web-dark')
  await alice.emulateMedia({ colorScheme: 'light' })
  await alice.setViewportSize(phone)
  await shoot(alice, 'web-phone')
}

async function person(inside: Browser): Promise<Page> {
  const context = await inside.newContext({ viewport: wide, locale: 'en-GB', colorScheme: 'light' })
  return context.newPage()
}

async function signUp(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Create account' }).first().click()
  await page.getByLabel('Username').fill(name)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
}

async function startChat(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New chat', exact: true }).first().click()
  await choose(page, name)
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox').fill(name)
  await page.getByRole('option', { name, exact: true }).click()
}

async function open(page: Page, name: string): Promise<void> {
  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('link', { name: new RegExp(`^${name}\\b`) }).click()
  await page.getByRole('heading', { name, exact: true }).waitFor()
}

async function say(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /^Message to/ })
  await box.fill(text)
  await box.press('Enter')
}

async function shoot(page: Page, name: string): Promise<void> {
  // Fonts, the countdown and the picture of the safety number have come by then.
  await page.waitForTimeout(1200)
  await page.screenshot({ path: path.join(images, `${name}.png`) })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import type { Locator } from 'playwright-core'
import { pngWithSecrets } from '../../client-cli/src/images/testing/pictures.ts'
import { somebodyOn } from '../support/somebody-on.ts'
import { until } from '../support/until.ts'
import { ChatPage, password } from './support/chat-page.ts'
import { checkAccess, checkFits } from './support/check-access.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatClient

const web = useWebApp({ servers: 1 }, async ({ cluster, closing }) => {
  bob = closing.adopt(await somebodyOn(cluster, 'bob'), (one) => one.close())
})

test('everything that matters can be done with the keyboard alone', async () => {
  alice = await ChatPage.open(
    await web.browser.newProfile({ viewport: { width: 1000, height: 800 } }),
  )
  const { keyboard } = alice.page
  const choice = alice.page.getByRole('group', { name: 'What to do' })
  await choice.waitFor()

  await tabTo(choice.getByRole('button', { name: 'Create account' }))
  await keyboard.press('Enter')
  await tabTo(alice.page.getByLabel('Username'))
  await keyboard.type('alice')
  await tabTo(alice.page.getByLabel('Password', { exact: true }))
  await keyboard.type(password)
  await keyboard.press('Enter')
  await alice.untilConnected()

  await keyboard.press('Control+k')
  await focused(alice.page.getByRole('combobox', { name: 'Find or start a chat' }))
  await keyboard.type('bob')
  await alice.page.getByRole('option', { name: /bob/ }).waitFor()
  await keyboard.press('Enter')
  await focused(alice.page.getByRole('textbox', { name: 'Message to bob' }))
  await keyboard.type('typed')
  await keyboard.press('Shift+Enter')
  await keyboard.type('in two lines')
  await keyboard.press('Enter')
  await alice.seesState('in two lines', 'Delivered')
  assert.equal(await alice.composer.inputValue(), '')

  const opener = alice.page.getByRole('main').getByRole('button', { name: 'Safety number' })
  await tabTo(opener, 'Shift+Tab')
  await keyboard.press('Enter')
  await focused(alice.button('Close the details'))
  await keyboard.press('Enter')
  await focused(opener)

  await keyboard.press('?')
  await alice.dialog('Keyboard shortcuts').waitFor()
  await keyboard.press('Escape')
  await focused(opener)
  const places = []
  for (let step = 0; step < 2; step++) {
    await keyboard.press('F6')
    places.push(
      await alice.page.evaluate(() => document.activeElement?.closest('nav, main')?.tagName),
    )
  }
  assert.deepEqual(places.toSorted(), ['MAIN', 'NAV'])
})

test('no screen breaks a rule of WCAG 2.2 AA, in light or in dark', async () => {
  const newcomer = await ChatPage.open(await web.browser.newProfile())
  await newcomer.page.getByRole('group', { name: 'What to do' }).waitFor()
  await checkAccess(newcomer.page, 'sign in')
  await newcomer.enter('Create account', 'x')
  await newcomer.page.getByRole('alert').filter({ hasText: 'at least' }).waitFor()
  await checkAccess(newcomer.page, 'sign up, refused')
  await newcomer.enter('Create account', 'dave')
  await newcomer.untilConnected()
  await checkAccess(newcomer.page, 'no chats yet')
  await newcomer.page.context().close()

  await fillScreen()
  await alice.page.setViewportSize({ width: 1280, height: 800 })
  await checkAccess(alice.page, 'a group and its members')
  await alice.button(/^1 of 2 delivered/).click()
  await alice.dialog('Who has it').getByRole('listitem').first().waitFor()
  await checkAccess(alice.page, 'who has a message')
  await alice.page.keyboard.press('Escape')
  for (const action of ['Add people', 'Rename', 'Leave', 'Delete']) {
    await alice.button(action).click()
    const dialog = alice.dialog(new RegExp(`^${action}`))
    await dialog.waitFor()
    await checkAccess(alice.page, action)
    await alice.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  await alice.button('What to do with bob').click()
  await alice.page.getByRole('menuitem', { name: 'Make admin' }).waitFor()
  await checkAccess(alice.page, 'what to do with a member')
  await alice.page.keyboard.press('Escape')
  await alice.openChat('bob')
  await checkAccess(alice.page, 'a conversation and its details')
  await eachDialog((name) => checkAccess(alice.page, name))
})

test('nothing has to be scrolled sideways in a window of 360 pixels', async () => {
  await alice.page.setViewportSize({ width: 360, height: 740 })
  await alice.composer.waitFor()
  await checkFits(alice.page, 'a conversation')
  await checkAccess(alice.page, 'a conversation on a telephone')
  await alice.page.getByRole('main').getByRole('button', { name: 'Safety number' }).click()
  await alice.button('Close the details').waitFor()
  await checkFits(alice.page, 'details')
  await alice.button('Close the details').click()
  await alice.button('Back to the chats').click()
  await alice.button('New chat').first().waitFor()
  await checkFits(alice.page, 'the list of chats')
  await checkAccess(alice.page, 'the list of chats on a telephone')
  await eachDialog((name) => checkFits(alice.page, name))

  await alice.choose('Lock')
  await alice.page.getByRole('heading', { name: 'Locked' }).waitFor()
  await checkFits(alice.page, 'locked')
  await checkAccess(alice.page, 'locked')
  const newcomer = await ChatPage.open(
    await web.browser.newProfile({ viewport: { width: 360, height: 740 } }),
  )
  await newcomer.page.getByRole('group', { name: 'What to do' }).waitFor()
  await checkFits(newcomer.page, 'sign in')
})

/** Messages of all kinds in both directions, and a group. */
async function fillScreen(): Promise<void> {
  const data = await pngWithSecrets(400, 300)
  const longWord = 'W'.repeat(200)
  await bob.send('alice', { text: `**bold** _italic_ \`code\` https://example.org/a ${longWord}` })
  const picture = {
    type: 'image/png',
    name: 'map.png',
    caption: 'the map',
    width: 400,
    height: 300,
  }
  await bob.sendFile('alice', { ...picture, data })
  await bob.sendFile('alice', { type: 'application/pdf', name: 'plan.pdf', data })
  await alice.page.getByRole('img', { name: 'the map' }).waitFor()
  await alice.button('Save plan.pdf').waitFor()
  const away = await somebodyOn(web.cluster, 'carol')
  await away.close()
  await alice.makeGroup('hikers', ['bob', 'carol'])
  await alice.say('who is there?')
  await alice.seesState('who is there?', '1 of 2 delivered')
}

/** Everything that can be opened over the page, one after the other. */
async function eachDialog(look: (name: string) => Promise<void>): Promise<void> {
  const { page } = alice
  const openers: Record<string, () => Promise<void>> = {
    'Find or start a chat': () => page.keyboard.press('Control+k'),
    'New chat': () => alice.button('New chat').first().click(),
    'New group': () => alice.button('New group').first().click(),
    'Devices and settings': () => alice.choose('Devices and settings'),
    'Keyboard shortcuts': () => alice.choose('Keyboard shortcuts'),
    'Sign out?': () => alice.choose('Sign out'),
  }
  for (const [name, open] of Object.entries(openers)) {
    await open()
    const dialog = alice.dialog(name)
    await dialog.waitFor()
    if (name === 'Devices and settings') await dialog.getByText('(this one)').waitFor()
    await look(name)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  if ((await alice.log.count()) === 0) return
  await alice.button('Open the picture the map').click()
  await alice.dialog('map.png').getByRole('img').waitFor()
  await look('a picture')
  await page.keyboard.press('Escape')
  const buffer = await pngWithSecrets()
  await page
    .getByLabel('Files to attach')
    .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer })
  await alice.dialog(/^Send to/).waitFor()
  await look('files to send')
  await page.keyboard.press('Escape')
}

async function tabTo(wanted: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await hasFocus(wanted)) return
    await wanted.page().keyboard.press(key)
  }
  throw new Error(`${key} does not lead to ${wanted}.`)
}

function focused(wanted: Locator): Promise<true> {
  return until(`the focus is on ${wanted}`, async () => (await hasFocus(wanted)) || undefined)
}

async function hasFocus(wanted: Locator): Promise<boolean> {
  await wanted.waitFor()
  return wanted.evaluate((element) => element === document.activeElement)
}

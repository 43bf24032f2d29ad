import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import type { Locator } from 'playwright-core'
import { somebodyOn } from '../support/somebody-on.ts'
import { ChatPage } from './support/chat-page.ts'
import { checkAccess, checkFits } from './support/check-access.ts'
import { useWebApp } from './support/use-web-app.ts'

/** A window of 1280 by 720 at 200 %. */
const zoomed = { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }

let alice: ChatPage
let bob: ChatClient

const web = useWebApp({ servers: 1 }, async ({ cluster, browser, closing }) => {
  bob = closing.adopt(await somebodyOn(cluster, 'bob'), (one) => one.close())
  alice = await ChatPage.open(await browser.newProfile(zoomed))
})

test('at 200 % one signs up, writes and reads, and nothing is lost or has to be scrolled sideways', async () => {
  await alice.page.getByRole('group', { name: 'What to do' }).waitFor()
  await look('sign in')
  await reachable(alice.page.getByRole('main'))
  await alice.enter('Create account', 'alice')
  await alice.untilConnected()
  await look('no chats')
  await alice.openChat('bob')
  await alice.say('a line that is read')
  await alice.seesState('a line that is read', 'Delivered')
  await bob.send('alice', { text: 'and one that is not' })
  await alice.sees('and one that is not')

  await look('a conversation')
  await reachable(alice.page.getByRole('main'))
  const room = await alice.log.boundingBox()
  assert.ok((room?.height ?? 0) >= 120, `the messages have ${room?.height} pixels`)
})

test('at 200 % every window shows all that is in it', async () => {
  await alice.button('Back to the chats').click()
  await look('the list of chats')
  await reachable(alice.page.getByRole('navigation'))
  await alice.makeGroup('hikers', ['bob'])
  await alice.page.getByRole('main').getByRole('button', { name: 'Members' }).click()
  await look('the members of a group')
  await reachable(alice.page.getByRole('complementary', { name: 'Details' }))
  await alice.button('What to do with bob').click()
  await alice.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
  await window('Remove bob?')
  await alice.button('Delete').click()
  await window('Delete hikers?')
  await alice.button('Close the details').click()

  const empty = { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }
  await alice.page.getByLabel('Files to attach').setInputFiles(empty)
  await alice.page.getByRole('alert').filter({ hasText: 'is empty' }).waitFor()
  await look('a file that was refused')

  await alice.button('Back to the chats').click()
  for (const name of ['Devices and settings', 'Keyboard shortcuts', 'Sign out']) {
    await alice.choose(name)
    await window(new RegExp(name))
  }
  await alice.button('New group').first().click()
  await window('New group')
})

test('what is shown when nothing can be shown is for everybody, too', async () => {
  await alice.page.evaluate(() => navigator.serviceWorker.ready)
  await alice.page.reload()
  await alice.untilConnected()
  await alice.page.goto('/nothing-here')
  await alice.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor()
  await look('an address with nothing')
  await alice.page.getByRole('link', { name: 'Open FastChat' }).click()
  await alice.untilConnected()

  const profile = await web.browser.newProfile(zoomed)
  await profile.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('No more room on this disk.', 'QuotaExceededError')
    }
  })
  const broken = await ChatPage.open(profile)
  await broken.page.getByRole('heading', { name: 'FastChat cannot start here' }).waitFor()
  await checkAccess(broken.page, 'an app that cannot start')
  await checkFits(broken.page, 'an app that cannot start')
})

async function look(screen: string): Promise<void> {
  await checkFits(alice.page, screen)
  await checkAccess(alice.page, screen)
}

async function window(name: string | RegExp): Promise<void> {
  const dialog = alice.dialog(name)
  await dialog.waitFor()
  await look(String(name))
  await reachable(dialog)
  await alice.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
}

/** Whatever can be used can be brought into view and lies under nothing else. */
async function reachable(place: Locator): Promise<void> {
  const lost = await place.evaluate((element) => {
    const controls = [...element.querySelectorAll<HTMLElement>('button, input, textarea, a[href]')]
    const seen = controls.filter((control) => control.checkVisibility() && control.tabIndex >= 0)
    return seen.flatMap((control) => {
      control.scrollIntoView({ block: 'nearest', behavior: 'instant' })
      const { left, top, width, height } = control.getBoundingClientRect()
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      const isHit = (control.closest('label') ?? control).contains(hit)
      return isHit || width <= 1 ? [] : [control.outerHTML.slice(0, 120)]
    })
  })
  assert.deepEqual(lost, [])
}

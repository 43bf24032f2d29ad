import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Cluster } from '../support/cluster.ts'
import { hasPty } from '../terminal/support/pty.ts'
import { sitDown } from '../terminal/support/sit-down.ts'
import { ChatPage } from './support/chat-page.ts'
import { type GuardedBrowser, openGuardedBrowser } from './support/guarded-browser.ts'
import { startWebCluster } from './support/web-cluster.ts'

let cluster: Cluster
let browser: GuardedBrowser
let alice: ChatPage
let bob: ChatPage

before(async () => {
  cluster = await startWebCluster({ servers: 2 })
  browser = await openGuardedBrowser(cluster)
  alice = await ChatPage.signedUp(browser, 'alice')
  bob = await ChatPage.signedUp(browser, 'bob')
})

afterEach(() => browser.assertQuiet())

after(async () => {
  await browser?.[Symbol.asyncDispose]()
  await cluster?.close()
})

test('two people talk, and each sees that the other has it', async () => {
  await alice.openChat('bob')
  await alice.say('are we still on?')
  await alice.seesState('are we still on?', 'Delivered')

  await bob.openChat('alice')
  await bob.sees('are we still on?')
  await bob.say('yes, see you at six')
  await bob.seesState('yes, see you at six', 'Delivered')
  await alice.sees('yes, see you at six')

  const said = ['are we still on?', 'yes, see you at six']
  assert.deepEqual(await alice.texts(), said)
  assert.deepEqual(await bob.texts(), said)
})

test('what was said is there after the page was loaded anew', async () => {
  const before = await alice.texts()

  await alice.page.reload()
  await alice.untilConnected()

  await alice.sees('yes, see you at six')
  assert.deepEqual(await alice.texts(), before)
})

test('both see the same safety number', async () => {
  const digits = /^(\d{5} ){11}\d{5}$/
  const numberOf = async ({ page }: ChatPage) => {
    const details = page.getByRole('complementary', { name: 'Details' })
    return details.getByText(digits).textContent()
  }

  assert.match((await numberOf(alice)) ?? '', digits)
  assert.equal(await numberOf(alice), await numberOf(bob))
})

test('a second device of an account hears what its owner hears and says', async () => {
  const second = await ChatPage.open(await browser.newProfile())
  await second.enter('Sign in', 'alice')
  await second.untilConnected()

  await bob.say('on which of them are you?')
  await second.openChat('bob')
  await second.sees('on which of them are you?')
  await alice.say('on both')
  await second.sees('on both')
  await second.say('really')
  await alice.sees('really')
  await bob.sees('really')

  await second.choose('Sign out')
  await second.dialog('Sign out?').getByRole('button', { name: 'Sign out' }).click()
  await second.page.getByRole('group', { name: 'What to do' }).waitFor()
})

test('two tabs of a profile show the same, both can write, and one goes on without the other', async () => {
  const other = await ChatPage.open(alice.profile)
  await other.openChat('bob')

  await alice.say('from the first tab')
  await other.seesState('from the first tab', 'Delivered')
  await other.say('from the second tab')
  await alice.seesState('from the second tab', 'Delivered')
  await bob.say('I hear you twice')
  await alice.sees('I hear you twice')
  await other.sees('I hear you twice')
  assert.deepEqual(await other.texts(), await alice.texts())

  await alice.page.close()
  alice = other
  await alice.untilConnected()
  await alice.say('one tab is closed')
  await alice.seesState('one tab is closed', 'Delivered')
  await bob.sees('one tab is closed')
  const said = await bob.texts()
  assert.deepEqual(said.toSorted(), [...new Set(said)].toSorted(), 'nothing came twice')
})

test('a browser and a terminal talk', { skip: !hasPty && 'no pseudo-terminal' }, async () => {
  await using carol = await sitDown('carol', cluster.url)

  carol.enter('/send alice from a terminal')
  await alice.openChat('carol')
  await alice.sees('from a terminal')
  await alice.say('from a browser')

  await carol.sees(/from a browser/)
  await alice.seesState('from a browser', 'Delivered')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChatPage, password } from './support/chat-page.ts'
import { checkAccess } from './support/check-access.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatPage

const web = useWebApp({ servers: 3 }, async ({ browser }) => {
  alice = await ChatPage.signedUp(browser, 'alice')
  bob = await ChatPage.signedUp(browser, 'bob')
  await alice.openChat('bob')
  await alice.say('hello')
  await bob.openChat('alice')
  await bob.sees('hello')
})

test('when the server in use is killed the line says where one is now, and nothing is lost or doubled', async () => {
  const told = await watchLine(alice)
  const killed = await alice.server()
  const numbers = Array.from({ length: 12 }, (_, index) => String(index + 1))

  for (const number of numbers) {
    await alice.say(`to ${number}`)
    await bob.say(`fro ${number}`)
    if (number === '4') await web.cluster.kill(killed)
  }

  for (const chat of [alice, bob])
    await chat.untilTexts('all 24 are there', (texts) => texts.length === 25)
  for (const [chat, heard] of [
    [bob, 'to'],
    [alice, 'fro'],
  ] as const) {
    const texts = (await chat.texts()).filter((text) => text.startsWith(`${heard} `))
    assert.deepEqual(
      texts,
      numbers.map((number) => `${heard} ${number}`),
    )
  }
  await alice.seesState('to 12', 'Delivered')
  const lines = await told()
  assert.ok(
    lines.some((line) => line.includes('Moved to server')),
    lines.join('\n'),
  )
  assert.notEqual(await alice.server(), killed)
  assert.equal(await alice.log.getByText('never arrived').count(), 0)
  await web.cluster.restart(killed)
})

test('who is offline sees how much is queued, and it leaves when the network is back', async () => {
  await alice.profile.context.setOffline(true)
  await alice.connection.filter({ hasText: 'Offline' }).waitFor()

  await alice.say('said in a tunnel')
  await alice.say('and once more')
  await alice.connection.filter({ hasText: 'Offline · 2 queued' }).waitFor()
  await alice.seesState('and once more', 'Queued')
  await checkAccess(alice.page, 'offline')
  await bob.say('where are you?')

  await alice.profile.context.setOffline(false)
  await alice.seesState('and once more', 'Delivered')
  await alice.sees('where are you?')
  await bob.sees('and once more')
  await alice.untilConnected()
  assert.doesNotMatch((await alice.connection.textContent()) ?? '', /queued/)
  const ofAlice = (await bob.texts()).slice(-3).filter((text) => text !== 'where are you?')
  assert.deepEqual(ofAlice, ['said in a tunnel', 'and once more'])
})

test('a locked screen shows nothing until the password was typed, also after a reload', async () => {
  await alice.choose('Lock')
  await alice.page.getByRole('heading', { name: 'Locked' }).waitFor()
  assert.doesNotMatch(await alice.page.content(), /said in a tunnel/)
  await alice.page.reload()
  await alice.page.getByRole('heading', { name: 'Locked' }).waitFor()

  const box = alice.page.getByLabel('Password')
  await box.fill('not the password')
  await alice.button('Unlock').click()
  await alice.page.getByRole('alert').filter({ hasText: '2 tries left.' }).waitFor()
  assert.equal(await box.inputValue(), '')
  await bob.say('said to a locked screen')
  await box.fill(password)
  await box.press('Enter')

  await alice.sees('said to a locked screen')
})

test('the third wrong password is followed by a wait', async () => {
  const stranger = await ChatPage.open(await web.browser.newProfile())
  const told = stranger.page.getByRole('alert')

  await stranger.enter('Sign in', 'bob', 'wrong 1')
  await told.filter({ hasText: '2 tries left.' }).waitFor()
  await stranger.enter('Sign in', 'bob', 'wrong 2')
  await told.filter({ hasText: 'One try left.' }).waitFor()
  await stranger.enter('Sign in', 'bob', 'wrong 3')
  await told.filter({ hasText: 'That was the third time.' }).waitFor()

  const button = stranger.button(/^Wait \d+ s$/)
  await button.waitFor()
  assert.equal(await button.isEnabled(), false)
  await stranger.page.context().close()
})

/** Notes every word of the connection line from now on. Returns what it said. */
async function watchLine(chat: ChatPage): Promise<() => Promise<readonly string[]>> {
  const lines = await chat.connection.evaluateHandle((element) => {
    const said: string[] = []
    new MutationObserver(() => said.push(element.textContent?.trim() ?? '')).observe(element, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    return said
  })
  return () => lines.jsonValue()
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { askOverHttp } from '../support/ask-over-http.ts'
import { nextEvent } from '../support/people.ts'
import { somebodyOn } from '../support/somebody-on.ts'
import { openSql } from '../support/sql.ts'
import { until, untilTrue } from '../support/until.ts'
import { ChatPage, password } from './support/chat-page.ts'
import { spyOnNotifications } from './support/notifications.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatClient

const web = useWebApp({ servers: 2 }, async ({ cluster, browser, closing }) => {
  bob = closing.adopt(await somebodyOn(cluster, 'bob'), (one) => one.close())
  const profile = await browser.newProfile()
  await profile.context.grantPermissions(['notifications'], { origin: cluster.url })
  await spyOnNotifications(profile.context)
  alice = await ChatPage.open(profile)
  await alice.enter('Create account', 'alice')
  await alice.untilConnected()
})

test('nobody is notified who has not asked for it, and the title counts what was not read', async () => {
  await hide(true)
  await bob.send('alice', { text: 'the first secret' })

  await untilTrue('the title counts', async () => (await alice.page.title()) === '(1) FastChat')

  assert.deepEqual(await notified(), [])
  await hide(false)
})

test('who asked for it is told from whom a message came while nobody looked, and never what it says', async () => {
  await alice.choose('Devices and settings')
  await alice.page.getByLabel('Tell me of new messages while this window is hidden').check()
  await alice.page.keyboard.press('Escape')
  await bob.send('alice', { text: 'seen at once' })
  await untilTrue('it came', async () => (await alice.page.title()) === '(2) FastChat')
  assert.deepEqual(await notified(), [], 'who looks is not told')

  await hide(true)
  await bob.send('alice', { text: 'the second secret' })
  const [seen] = await until('it is told', async () => {
    const all = await notified()
    return all.length > 0 ? all : undefined
  })

  assert.deepEqual(seen, { title: 'FastChat', body: 'New message from bob' })
  await alice.page.evaluate(() => globalThis.notified.at(-1)?.click())
  await hide(false)
  await alice.page.getByRole('main', { name: 'Conversation with bob' }).waitFor()
  await alice.page.reload()
  await alice.untilConnected()
  await alice.choose('Devices and settings')
  await alice.page.getByLabel('Tell me of new messages while this window is hidden').waitFor()
  assert.ok(await alice.page.getByRole('checkbox').isChecked(), 'it is remembered')
  await alice.page.keyboard.press('Escape')
})

test('a locked screen is told that something came, and not from whom', async () => {
  await alice.choose('Lock')
  await alice.page.getByRole('heading', { name: 'Locked' }).waitFor()
  await hide(true)

  await bob.send('alice', { text: 'the third secret' })
  const all = await until('it is told', async () => {
    const seen = await notified()
    return seen.length > 0 ? seen : undefined
  })

  assert.deepEqual(all, [{ title: 'FastChat', body: 'New message' }])
  await hide(false)
})

test('unlocking leaves one session at the servers, and the messages keep coming', async () => {
  await using sql = await openSql(web.cluster.databaseUrl)
  const sessions = () =>
    sql.count(
      `SELECT count(*) FROM sessions JOIN clients ON clients.id = client_id
       WHERE username = 'alice' AND revoked_at IS NULL`,
    )
  for (let times = 0; times < 2; times++) {
    if (times > 0) await alice.choose('Lock')
    await alice.page.getByLabel('Password').fill(password)
    await alice.button('Unlock').click()
    await alice.untilConnected()
  }

  await untilTrue('one session is left', async () => (await sessions()) === 1)

  await alice.openChat('bob')
  await bob.send('alice', { text: 'after the lock' })
  await alice.sees('after the lock')
  await alice.say('I am back')
  await alice.seesState('I am back', 'Delivered')
})

test('the playground opens with one click, with a token and a sealed message filled in', async () => {
  const opened = await alice.page.evaluateHandle(() => {
    const links: string[] = []
    const open = window.open.bind(window)
    window.open = (url, ...rest) => {
      links.push(String(url))
      return open(url, ...rest)
    }
    return links
  })
  await alice.choose('Devices and settings')
  const playground = await alice.profile.windowOf(() => alice.button('Open the playground').click())
  await playground.getByRole('tab').first().waitFor()
  assert.equal(new URL(playground.url()).hash, '', 'the token is taken out of the address')

  const link = new URL((await opened.jsonValue())[0] ?? '')
  const { token, sample } = JSON.parse(Buffer.from(link.hash.slice(1), 'base64url').toString())
  const heard = nextEvent(bob, 'message')
  const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }'
  const { data } = await askOverHttp(link.origin, send, { input: sample }, token)
  assert.equal(data?.sendMessage.__typename, 'SendMessagePayload')
  const message = await heard
  assert.equal(message.kind === 'text' && message.text, 'Hello from the playground.')
  assert.equal(message.kind === 'text' && message.from, 'alice')
  await playground.close()

  await alice.page.keyboard.press('Escape')
  await alice.connection.filter({ hasText: 'In use elsewhere' }).waitFor()
  await alice.page.getByRole('button', { name: 'Use here' }).first().click()
  await alice.untilConnected()
  await bob.send('alice', { text: 'here again' })
  await alice.sees('here again')
})

/** Whether the window is said to be out of sight; no tab of a test ever is. */
function hide(isHidden: boolean): Promise<void> {
  return alice.page.evaluate((hidden) => {
    globalThis.isHidden = hidden
  }, isHidden)
}

function notified() {
  return alice.page.evaluate(() => globalThis.notified.map(({ title, body }) => ({ title, body })))
}

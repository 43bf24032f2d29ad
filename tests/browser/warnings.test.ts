import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hears, signedUp } from '../support/people.ts'
import { openSql } from '../support/sql.ts'
import { ChatPage } from './support/chat-page.ts'
import { checkAccess } from './support/check-access.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatPage

const web = useWebApp({ servers: 1, ttlSeconds: 10 }, async ({ browser }) => {
  alice = await ChatPage.signedUp(browser, 'alice')
  bob = await ChatPage.signedUp(browser, 'bob')
})

test('a message that nobody fetches expires before the eyes of who wrote it, and can be sent again', async () => {
  await alice.openChat('bob')
  await bob.page.goto('about:blank')

  const waits = /One message waits\s+for bob\.\s+The servers delete\s+it\s+in 0:(0\d|10)\./
  await Promise.all([
    alice.seesState('come to the window', /Stored · deleted in 0:(0\d|10) unless fetched/),
    alice.page.getByText(waits).waitFor(),
    alice.say('come to the window'),
  ])
  await alice.seesState('come to the window', 'Expired undelivered')
  assert.equal(await alice.page.getByText('waits for bob').count(), 0)

  await bob.page.goto('/')
  await bob.untilConnected()
  await bob.page
    .getByRole('alert')
    .getByText('One message for this browser expired before it could be fetched.')
    .waitFor()
  await alice.button('Send again').click()
  await alice.seesState('come to the window', 'Delivered')
  await bob.openChat('alice')
  await bob.sees('come to the window')
  for (const chat of [alice, bob]) assert.deepEqual(await chat.texts(), ['come to the window'])
})

test('nothing is sent to a name with a new key until the person has accepted it', async () => {
  await using sql = await openSql(web.cluster.databaseUrl)
  await sql.rows(
    "UPDATE clients SET username = 'bob-gone', username_skeleton = 'bob-gone' WHERE username = 'bob'",
  )
  // Written before the app can notice anything: it looks up whom it shows now and then.
  await alice.profile.context.setOffline(true)
  await alice.say('a secret')
  await alice.seesState('a secret', 'Queued')
  // The server remembers whose name it was; after this it does not.
  await web.cluster.kill(1)
  await web.cluster.restart(1)
  await web.cluster.untilRanked([1])
  await using mallory = await signedUp(web.cluster.url, 'bob')

  await alice.profile.context.setOffline(false)
  await alice.page.getByRole('heading', { name: 'Sending to bob has stopped' }).waitFor()
  await alice.seesState('a secret', 'Not sent: the key of bob changed')
  assert.equal(await alice.composer.count(), 0)
  await checkAccess(alice.page, 'a changed key')
  const { digits } = await mallory.safetyNumber('alice')
  await alice.button('Compare safety number').click()
  await alice.page.getByRole('complementary', { name: 'Details' }).getByText(digits).waitFor()
  assert.deepEqual(await mallory.history('alice'), [])

  const arrived = hears(mallory, 1)
  await alice.button('Accept the new key').click()

  assert.deepEqual(await arrived, ['a secret'])
  await alice.seesState('a secret', 'Delivered')
})

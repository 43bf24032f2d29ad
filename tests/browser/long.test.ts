import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { somebodyOn } from '../support/somebody-on.ts'
import { ChatPage } from './support/chat-page.ts'
import { goTowards, watchWork } from './support/scrolling.ts'
import { seedHistory } from './support/seed-history.ts'
import { useWebApp } from './support/use-web-app.ts'

const count = 5000
/** Whatever is drawn of the conversation, in elements. A row has about 20. */
const mostElements = 6000
const mostRows = 240

let alice: ChatPage
let bob: ChatClient

useWebApp({ servers: 1 }, async ({ cluster, browser, closing }) => {
  bob = closing.adopt(await somebodyOn(cluster, 'bob'), (one) => one.close())
  alice = await ChatPage.signedUp(browser, 'alice')
  await alice.page.close()
  await seedHistory(alice.profile, { me: 'alice', peer: 'bob', count })
  alice = await ChatPage.open(alice.profile)
  await alice.untilConnected()
  await alice.openChat('bob')
  await alice.sees(`message ${count}`)
})

test('a conversation of 5,000 messages is scrolled to its beginning, with no more than a part of it drawn', async () => {
  const work = await watchWork(alice.log)
  const lost: string[] = []

  const begin = alice.log.getByText('Only you and bob can read what is written here.')
  while ((await begin.count()) === 0) {
    const { line, moved, scrolled } = await goTowards(alice.log, 'older')
    if (Math.abs(moved - scrolled) > 2) lost.push(`${line}: ${moved} for ${scrolled}`)
  }

  assert.equal((await alice.texts())[0], 'message 1\nand one more line')
  assert.deepEqual(lost, [], 'the line that is read stays where it is when older ones come')
  const { steps, mostAdded, rows, elements } = await work()
  assert.ok(steps >= count / 90, `${steps} steps`)
  assert.ok(mostAdded <= 90, `${mostAdded} rows were drawn at once`)
  assert.ok(rows <= mostRows, `${rows} rows`)
  assert.ok(elements <= mostElements, `${elements} elements`)
})

test('on the way down what was read goes and what follows comes, and the line that is read stays', async () => {
  const work = await watchWork(alice.log)
  const lost: string[] = []

  for (let step = 0; step < 6; step++) {
    const { line, moved, scrolled } = await goTowards(alice.log, 'newer')
    if (Math.abs(moved - scrolled) > 2) lost.push(`${line}: ${moved} for ${scrolled}`)
  }

  assert.deepEqual(lost, [])
  const { steps, rows } = await work()
  assert.ok(steps >= 6, `${steps} steps`)
  assert.ok(rows <= mostRows, `${rows} rows`)
  assert.equal(await alice.row(/message 1\s/).count(), 0, 'the first is not drawn any more')
})

test('one who reads what is old is not moved by what arrives, and is at the end with one click', async () => {
  const place = () => alice.log.evaluate((box) => box.scrollTop)
  const before = await place()

  await bob.send('alice', { text: 'are you still there?' })
  const button = alice.button(/1 new/)
  await button.waitFor()

  assert.equal(await place(), before)
  assert.equal(await alice.row('are you still there?').count(), 0)
  await button.click()
  await alice.sees('are you still there?')
  await alice.sees(`message ${count}`)
  await button.waitFor({ state: 'detached' })
  await alice.say('at the end')
  await alice.seesState('at the end', 'Delivered')
})

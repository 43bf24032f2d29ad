import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ChatClient } from '@fastchat/client-core'
import { askOverHttp } from '../support/ask-over-http.ts'
import { createOperator } from '../support/operator.ts'
import { somebodyOn } from '../support/somebody-on.ts'
import { openSql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'
import { ChatPage } from './support/chat-page.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatClient

const web = useWebApp({ servers: 2 }, async ({ cluster, browser, closing }) => {
  bob = closing.adopt(await somebodyOn(cluster, 'bob'), (one) => one.close())
  alice = await ChatPage.signedUp(browser, 'alice')
  await alice.openChat('bob')
})

test('whoever comes to sign in loads less than 150 kB of script', async () => {
  const profile = await web.browser.newProfile()
  const sizes: Promise<number>[] = []
  profile.context.on('response', (response) => {
    if (!new URL(response.url()).pathname.endsWith('.js')) return
    sizes.push(response.body().then((body) => gzipSync(body).length))
  })

  const stranger = await ChatPage.open(profile)
  await stranger.page.getByLabel('Username').waitFor()
  await stranger.page.waitForLoadState('networkidle')

  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  assert.ok(bytes > 50_000 && bytes < 150_000, `${bytes} bytes with gzip`)
  await profile.context.close()
})

test('what was typed and not sent is there after the page was loaded anew at once', async () => {
  await alice.composer.pressSequentially('not finished y')

  await alice.page.reload()

  await alice.composer.waitFor()
  await untilTrue('the draft is there', async () => {
    return (await alice.composer.inputValue()) === 'not finished y'
  })
  await alice.composer.fill('')
})

test('who is moved because a server is drained is told so, and no message is lost', async () => {
  await using sql = await openSql(web.cluster.databaseUrl)
  const token = await createOperator(sql)
  const drained = await alice.server()
  const other = drained === 1 ? 2 : 1

  await alice.say('before')
  const { errors } = await askOverHttp(
    web.cluster.serverUrl(other),
    `mutation ($input: DrainServerInput!) { drainServer(input: $input) { __typename } }`,
    { input: { serverId: drained } },
    token,
  )
  assert.equal(errors, undefined)
  const texts = ['one', 'two', 'three', 'four']
  for (const text of texts) await alice.say(text)
  await bob.send('alice', { text: 'I am still here' })

  await alice.connection
    .filter({ hasText: `Moved to server ${other}: server ${drained} is draining` })
    .waitFor()
  await alice.seesState('four', 'Delivered')
  await alice.sees('I am still here')
  const mine = (await alice.texts()).filter((text) => text !== 'I am still here')
  assert.deepEqual(mine, ['before', ...texts])
  const heard = (await bob.history('alice')).flatMap((message) =>
    message.kind === 'text' && !message.isMine ? message.text : [],
  )
  assert.deepEqual(heard, ['before', ...texts])
})

test('the app can be installed', async () => {
  const session = await alice.page.context().newCDPSession(alice.page)
  const { errors, data } = await session.send('Page.getAppManifest')
  assert.deepEqual(errors, [])
  const { icons, start_url, display } = JSON.parse(data ?? '{}')
  assert.deepEqual([start_url, display], ['/', 'standalone'])
  const sizes = await alice.page.evaluate(async (all: { src: string; sizes: string }[]) => {
    const drawn = all.map(async ({ src }) => {
      const image = new Image()
      image.src = src
      await image.decode()
      return `${image.naturalWidth}x${image.naturalHeight}`
    })
    return Promise.all(drawn)
  }, icons)
  assert.deepEqual(sizes.slice(1), ['192x192', '512x512', '512x512'])
  assert.ok(icons.some(({ purpose }: { purpose?: string }) => purpose === 'maskable'))
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // A profile of a test is like a private window, from which nothing is installed.
  const others = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')
  assert.deepEqual(others, [])
  await session.detach()
})

test('with every server gone the app opens from what it kept, shows its history and says what is queued', async () => {
  await alice.page.evaluate(() => navigator.serviceWorker.ready)
  await alice.page.reload()
  await alice.untilConnected()
  await Promise.all([0, 1, 2].map((id) => web.cluster.kill(id)))
  await alice.connection.filter({ hasText: /Again in \d+ s/ }).waitFor()
  await alice.say('written to nobody')
  await alice.seesState('written to nobody', 'Queued')

  await alice.page.reload()

  await alice.sees('I am still here')
  await alice.seesState('written to nobody', 'Queued')
  await alice.connection.filter({ hasText: '1 queued' }).waitFor()
  await alice.profile.context.setOffline(true)
  await alice.page.reload()
  await alice.connection.filter({ hasText: 'Offline · 1 queued' }).waitFor()
  await alice.openChat('bob')
  await alice.sees('four')

  await alice.profile.context.setOffline(false)
  for (const id of [0, 1, 2]) await web.cluster.restart(id)
  await alice.untilConnected()
  await alice.seesState('written to nobody', 'Delivered')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { pngOf } from '../../client-cli/src/images/testing/pictures.ts'
import { inlineMarks } from '../../client-web/src/lib/text/inline-marks.ts'
import { tameLine, tameText } from '../../client-web/src/lib/text/tame-text.ts'
import { findNeedles, needle } from '../support/needles.ts'
import { somebodyOn } from '../support/somebody-on.ts'
import { untilTrue } from '../support/until.ts'
import { ChatPage, password } from './support/chat-page.ts'
import { everythingKept } from './support/everything-kept.ts'
import { openGuardedBrowser } from './support/guarded-browser.ts'
import { payloads, shortPayloads } from './support/payloads.ts'
import { useWebApp } from './support/use-web-app.ts'

// Every test of this file fails on a request elsewhere, a report of the policy, a dialog, a window or an error.
const webLink = 'A http: noopener noreferrer'
let alice: ChatPage
let mallory: ChatClient

const web = useWebApp({ servers: 1 }, async ({ cluster, browser, closing }) => {
  mallory = closing.adopt(await somebodyOn(cluster, 'mallory'), (one) => one.close())
  alice = await ChatPage.signedUp(browser, 'alice')
})

test('what these tests listen for is heard', async () => {
  await using other = await openGuardedBrowser(web.cluster)
  const { page } = await ChatPage.open(await other.newProfile())
  await page.evaluate(async () => {
    const { noteViolation } = window as unknown as { noteViolation(what: string): Promise<void> }
    const bothToldOf = new Promise<void>((resolve) => {
      let count = 0
      addEventListener('securitypolicyviolation', () => {
        count += 1
        if (count === 2) resolve()
      })
    })
    new Image().src = 'http://evil.test/pixel.png'
    alert('hello')
    await fetch('http://evil.test/').catch(() => undefined)
    await bothToldOf
    // What was noted before this is noted when this is: a page that goes on takes with it what it still had to say.
    await noteViolation('nothing more')
  })
  await page.goto('http://127.0.0.1:1/').catch(() => undefined)

  const heard = [
    /policy: img-src/,
    /policy: connect-src/,
    /dialog: hello/,
    /asked for http:\/\/127\.0\.0\.1:1\//,
  ]
  assert.throws(
    () => other.assertQuiet(),
    ({ message }: Error) => heard.every((words) => words.test(message)),
  )
})

test('messages that are markup elsewhere are the text they are', async () => {
  await mallory.send('alice', { text: 'here I come' })
  await alice.page.getByRole('list', { name: 'Chats' }).getByText('here I come').click()
  await alice.sees('here I come')
  const sent = []
  for (const text of payloads) sent.push(await mallory.send('alice', { text }))
  for (const { id } of sent) assert.deepEqual(await mallory.settled(id), { kind: 'delivered' })

  await alice.untilTexts('all are shown', (texts) => texts.length === payloads.length + 1)

  const asWritten = payloads.map((text) => {
    const pieces = inlineMarks(tameText(text)).map((piece) => piece.text)
    return oneLine(pieces.join(''))
  })
  assert.deepEqual((await alice.texts()).map(oneLine), ['here I come', ...asWritten])
  assert.deepEqual(await elementsIn(alice), [webLink])
})

test('names of groups that are markup elsewhere are the text they are', async () => {
  for (const name of shortPayloads) {
    const group = await mallory.groups.create({ name, members: ['alice'] })
    const { id } = await mallory.send(group.conversation, { text: `hello ${name}` })
    assert.deepEqual(await mallory.settled(id), { kind: 'delivered' })

    await alice.page.getByRole('list', { name: 'Chats' }).getByText(name, { exact: true }).click()
    await alice.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor()
    await alice.sees(`hello ${name}`)
    for (const element of await elementsIn(alice)) assert.equal(element, webLink)
  }
})

test('file names and captions that are markup elsewhere are the text they are', async () => {
  await alice.openChat('mallory')
  for (const [index, caption] of shortPayloads.entries()) {
    const name = `${caption}${index}.pdf`
    const { id } = await mallory.sendFile('alice', {
      ...{ name, caption, type: 'application/pdf' },
      data: Buffer.from('%PDF-1.7'),
    })
    assert.deepEqual(await mallory.settled(id), { kind: 'delivered' })
    const card = alice.row(tameLine(caption)).filter({ hasText: `${index}.pdf` })
    await card.waitFor()
    const save = card.getByRole('button', { name: /^Save / })
    assert.doesNotMatch((await save.getAttribute('aria-label')) ?? '<', /[<>"/\\]/)
  }
})

test('what only calls itself a picture is shown as a file, by whom it was sent and where it came from', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="http://evil.test/p"/></svg>',
  )
  const html = Buffer.from('<!doctype html><script>alert(1)</script><img src=http://evil.test/p>')
  const bomb = pngOf({ width: 30_000, height: 30_000 }, Buffer.alloc(9))
  const cases = [
    { caption: 'svg as svg', type: 'image/svg+xml', data: svg },
    { caption: 'svg as png', type: 'image/png', data: svg },
    { caption: 'html as gif', type: 'image/gif', data: html },
    { caption: 'a bomb', type: 'image/png', data: bomb },
  ]
  for (const { caption, type, data } of cases) {
    const { id } = await mallory.sendFile('alice', { name: 'picture', caption, type, data })
    assert.deepEqual(await mallory.settled(id), { kind: 'delivered' })
    await alice
      .row(caption)
      .getByRole('button', { name: /^Save / })
      .waitFor()
    assert.equal(await alice.row(caption).getByRole('img').count(), 0)
  }

  const picker = alice.page.getByLabel('Files to attach')
  await picker.setInputFiles({ name: 'bomb.png', mimeType: 'image/png', buffer: bomb })
  await alice.page.getByRole('alert').getByText('has too many pixels').waitFor()
  await picker.setInputFiles({ name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: svg })
  const dialog = alice.dialog(/^Send to/)
  await dialog.getByText('sent as it is').waitFor()
  assert.equal(await dialog.getByRole('img').count(), 0)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('people whose names mean something to JavaScript are people', async () => {
  for (const name of ['constructor', '__proto__', 'hasownproperty', 'valueof']) {
    const person = await somebodyOn(web.cluster, name)
    await person.send('alice', { text: `I am ${name}` })

    await alice.page.getByRole('list', { name: 'Chats' }).getByText(`I am ${name}`).click()
    await alice.page.getByRole('main', { name: `Conversation with ${name}` }).waitFor()
    await alice.sees(`I am ${name}`)
    await alice.say(`hello ${name}`)
    await alice.seesState(`hello ${name}`, 'Delivered')
    await person.close()
  }
})

test('no other page can put the app into a frame or hold on to its window', async () => {
  // Its own page asks for more than ours may: it is not watched.
  const context = await web.browser.unwatched()
  await context.route('http://evil.test/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<iframe src="${web.cluster.url}/"></iframe><a href="${web.cluster.url}/" target="_blank" rel="opener">go</a>`,
    }),
  )
  const page = await context.newPage()
  await page.goto('http://evil.test/')
  const [, frame] = page.frames()
  await frame?.waitForLoadState()
  assert.equal(await frame?.getByRole('main').count(), 0)
  const [opened] = await Promise.all([context.waitForEvent('page'), page.getByText('go').click()])
  await opened.getByRole('group', { name: 'What to do' }).waitFor()
  assert.equal(await opened.evaluate(() => window.opener), null)
  await context.close()
})

test('what stays in the browser is sealed, and its keys cannot be taken out', async () => {
  await alice.openChat('mallory')
  await mallory.send('alice', { text: 'the marker is zanzibar-4711' })
  await alice.sees('zanzibar-4711')
  const before = (await everythingKept(alice)).records
  await alice.composer.fill('a draft about quokkas')
  await untilTrue('the draft is kept', async () => (await everythingKept(alice)).records > before)
  await alice.page.reload()
  await alice.sees('zanzibar-4711')
  await untilTrue('the draft is there', async () =>
    /quokkas/.test(await alice.composer.inputValue()),
  )

  const kept = await everythingKept(alice)
  const tokens = alice.profile.sent.flatMap((frame) => /"token":"([^"]+)"/.exec(frame)?.[1] ?? [])
  assert.ok(tokens.length > 0, 'the token is known')
  const needles = [
    needle('the password', password),
    needle('a message', 'zanzibar-4711'),
    needle('a draft', 'quokkas'),
    needle('a caption', 'html as gif'),
    ...[...new Set(tokens)].map((token) => needle('the token', token)),
    ...[...new Set(tokens)].map((token) => needle('the token', Buffer.from(token, 'base64url'))),
  ]
  for (const [place, content] of Object.entries(kept.places))
    assert.deepEqual(findNeedles(content, needles), [], place)
  assert.ok(kept.records > 10, `${kept.records} records`)
  assert.deepEqual([kept.extractableKeys, kept.lockedKeys], [0, 3])
  assert.deepEqual(await alice.profile.context.cookies(), [])
})

/** What was made of the words of all messages, beside text. */
async function elementsIn(chat: ChatPage): Promise<readonly string[]> {
  const elements = await chat.log.locator('article [dir="auto"] *').evaluateAll((all) =>
    all.map((element) => {
      if (!(element instanceof HTMLAnchorElement)) return element.tagName
      return `A ${element.protocol} ${element.rel}`
    }),
  )
  return [...new Set(elements)].toSorted()
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

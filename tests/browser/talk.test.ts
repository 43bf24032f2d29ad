import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  jpegWithSecrets,
  pngWithSecrets,
  secretPlace,
} from '../../client-cli/src/images/testing/pictures.ts'
import { hasPty } from '../terminal/support/pty.ts'
import { sitDown } from '../terminal/support/sit-down.ts'
import { ChatPage } from './support/chat-page.ts'
import { savedFrom } from './support/saved-from.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatPage
let carol: ChatPage

const web = useWebApp({ servers: 2 }, async ({ browser }) => {
  alice = await ChatPage.signedUp(browser, 'alice')
  bob = await ChatPage.signedUp(browser, 'bob')
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
  const second = await ChatPage.open(await web.browser.newProfile())
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

test('three people talk in a group, and each member that has a message is named', async () => {
  carol = await ChatPage.signedUp(web.browser, 'carol')
  await alice.makeGroup('hikers', ['bob', 'carol'])
  for (const member of [bob, carol]) await member.openChat('hikers')

  await alice.say('who brings the map?')
  for (const member of [bob, carol]) await member.sees('who brings the map?')
  await carol.say('I do')
  await alice.sees('I do')
  await bob.sees('I do')

  await alice.seesState('who brings the map?', 'Delivered to all')
  await alice.button('Delivered to all').click()
  const dialog = alice.dialog('Who has it')
  for (const name of ['bob', 'carol'])
    await dialog.getByRole('listitem').filter({ hasText: name }).getByText('Delivered').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
})

test('who is removed from a group is told so, cannot write, and gets nothing that follows', async () => {
  await alice.button('What to do with carol').click()
  await alice.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
  await alice.dialog('Remove carol?').getByRole('button', { name: 'Remove' }).click()
  await carol.page
    .getByRole('region', { name: 'Why nothing can be sent' })
    .getByText('You were removed from this group.')
    .waitFor()
  assert.equal(await carol.composer.count(), 0)
  await bob.sees('alice removed carol')

  await alice.say('without carol')
  await bob.sees('without carol')
  await alice.openChat('carol')
  await alice.say('sorry')

  // It was sent later, through the same mailbox: what carol has not now, she never gets.
  await carol.openChat('alice')
  await carol.sees('sorry')
  await carol.openChat('hikers')
  await carol.sees('alice removed you')
  assert.deepEqual(await carol.texts(), ['who brings the map?', 'I do'])
})

test('pictures go both ways, are seen, and say nothing of where they were taken', async () => {
  const photo = { name: 'photo.jpg', mimeType: 'image/jpeg' }
  const map = { name: 'map.png', mimeType: 'image/png' }
  const cases = [
    { from: alice, to: bob, file: photo, bytes: await jpegWithSecrets({ width: 300 }) },
    { from: bob, to: alice, file: map, bytes: await pngWithSecrets(200, 100) },
  ]
  await alice.openChat('bob')
  await bob.openChat('alice')

  for (const { from, to, file, bytes } of cases) {
    assert.ok(bytes.includes(secretPlace), 'there is something to take away')
    const caption = `the ${file.name} of today`
    await from.page.getByLabel('Files to attach').setInputFiles({ ...file, buffer: bytes })
    const dialog = from.dialog(/^Send to/)
    await dialog.getByText('location and camera removed').waitFor()
    await dialog.getByLabel('Caption').fill(caption)
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await from.seesState(caption, 'Delivered')

    await to.page.getByRole('img', { name: caption }).waitFor()
    const card = to.button(`Open the picture ${caption}`)
    assert.ok(await card.getByRole('img').evaluate((img: HTMLImageElement) => img.naturalWidth > 0))
    await card.click()
    const saved = await savedFrom(
      to.page,
      to.dialog(file.name).getByRole('button', { name: 'Save' }),
    )
    const magic = file === photo ? 'ffd8ff' : '89504e47'
    assert.ok(saved.bytes.toString('hex').startsWith(magic))
    for (const secret of [secretPlace, 'GPS', 'Exif', 'eXIf'])
      assert.ok(!saved.bytes.includes(secret), `${secret} in ${saved.name}`)
    await to.page.keyboard.press('Escape')
  }
})

test('a browser and a terminal talk', { skip: !hasPty && 'no pseudo-terminal' }, async () => {
  await using dave = await sitDown('dave', web.cluster.url)

  dave.enter('/send alice from a terminal')
  await alice.openChat('dave')
  await alice.sees('from a terminal')
  await alice.say('from a browser')

  await dave.sees(/from a browser/)
  await alice.seesState('from a browser', 'Delivered')
})

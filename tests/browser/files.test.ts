import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { maxFileBytes, sniffImage } from '@fastchat/client-core'
import type { Locator } from 'playwright-core'
import {
  jpegWithSecrets,
  pngOf,
  secretPlace,
} from '../../client-cli/src/images/testing/pictures.ts'
import { ChatPage } from './support/chat-page.ts'
import { dragOver, dropFiles, pasteFile } from './support/give-files.ts'
import { savedFrom } from './support/saved-from.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatPage
let folder: string

useWebApp({ servers: 2 }, async ({ browser, closing }) => {
  folder = closing.adopt(await mkdtemp(path.join(os.tmpdir(), 'fastchat-dropped-')), (made) =>
    rm(made, { recursive: true }),
  )
  alice = await ChatPage.signedUp(browser, 'alice')
  bob = await ChatPage.signedUp(browser, 'bob')
  await alice.openChat('bob')
  await bob.openChat('alice')
})

test('a picture that is pasted is looked at first, and arrives upright and without where it was taken', async () => {
  const bytes = await jpegWithSecrets({ orientation: 6, width: 300, height: 200 })
  assert.ok(bytes.includes(secretPlace), 'there is something to take away')

  await pasteFile(alice.composer, { name: 'image.jpg', type: 'image/jpeg', bytes })
  const dialog = alice.dialog('Send to bob')
  const preview = dialog.getByRole('img', { name: 'Preview of image.jpg' })
  await preview.waitFor()
  await dialog.getByText('location and camera removed').waitFor()
  assert.equal(await alice.log.getByRole('article').count(), 0, 'nothing was sent yet')
  await alice.page.keyboard.type('pasted')
  assert.equal(await dialog.getByLabel('Caption').inputValue(), 'pasted', 'one types at once')
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await alice.seesState('pasted', 'Delivered')

  const saved = await opened(bob, 'pasted')
  assert.deepEqual(sniffImage(saved), { type: 'image/jpeg', width: 200, height: 300 })
  for (const secret of [secretPlace, 'Exif', 'GPS'])
    assert.ok(!saved.includes(secret), `${secret} is in what was saved`)
})

test('files that are dropped can be put back one by one, and the others are sent', async () => {
  const photo = path.join(folder, 'photo.jpg')
  const notes = path.join(folder, 'notes.txt')
  await writeFile(photo, await jpegWithSecrets())
  await writeFile(notes, 'buy milk')

  const over = await dragOver(alice.composer, [photo, notes])
  await alice.page.getByText('Drop to send to bob').waitFor()
  await over.drop()
  const dialog = alice.dialog('Send to bob')
  await dialog.getByRole('button', { name: 'Do not send notes.txt' }).click()
  await dialog.getByLabel('Caption').fill('dropped')
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()

  await alice.seesState('dropped', 'Delivered')
  const saved = await opened(bob, 'dropped')
  assert.ok(!saved.includes(secretPlace))
  assert.equal(await bob.log.getByText('notes.txt').count(), 0)
  assert.equal(await alice.page.getByText('Drop to send to bob').count(), 0)
})

test('a file that misses the conversation changes nothing', async () => {
  const file = path.join(folder, 'page.html')
  await writeFile(file, '<h1>another page</h1>')
  const address = alice.page.url()

  await dropFiles(alice.button('New group').first(), [file])

  assert.equal(await alice.page.getByRole('dialog').count(), 0)
  assert.equal(alice.page.url(), address)
  await alice.composer.waitFor()
})

test('while a large file leaves, one sees how far it is', async () => {
  const told = await statesOf(alice, 'plan.bin')
  const bytes = randomBytes(4_000_000)

  await pick(alice, { name: 'plan.bin', mimeType: 'application/octet-stream', buffer: bytes })
  const dialog = alice.dialog('Send to bob')
  await dialog.getByText('sent as it is').waitFor()
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await alice.seesState('plan.bin', 'Delivered')

  const states = await told()
  const percents = states.flatMap((state) => /Uploading (\d+) %/.exec(state)?.[1] ?? [])
  assert.ok(
    states.some((state) => state.includes('Encrypting')),
    states.join('\n'),
  )
  assert.ok(percents.length >= 2, states.join('\n'))
  assert.deepEqual(
    percents,
    percents.toSorted((one, other) => Number(one) - Number(other)),
  )
  const saved = await savedFrom(bob.page, bob.button('Save plan.bin'))
  assert.equal(saved.name, 'plan.bin')
  assert.ok(saved.bytes.equals(bytes))
})

test('what cannot be sent is refused in words, and the rest of the choice is kept', async () => {
  const stop = alice.page.getByRole('main').getByRole('alert')
  const manyPixels = pngOf({ width: 20_000, height: 20_000 }, Buffer.alloc(8))
  const damaged = pngOf({ width: 20, height: 20 }, Buffer.alloc(8)).subarray(0, 40)
  const cases = [
    [
      'large.zip',
      randomBytes(maxFileBytes + 1_500_000),
      'is too large: 12.0 MB. The limit is 10.5 MB.',
    ],
    ['empty.txt', Buffer.alloc(0), 'is empty.'],
    ['wall.png', manyPixels, 'has too many pixels. The limit is 50 million.'],
    ['broken.png', damaged, 'cannot be decoded. It may be damaged.'],
  ] as const
  for (const [name, buffer, words] of cases) {
    await pick(alice, { name, mimeType: 'application/octet-stream', buffer })
    await stop.filter({ hasText: `“${name}” ${words}` }).waitFor()
    assert.equal(await alice.page.getByRole('dialog').count(), 0)
  }

  const inside = path.join(folder, 'holiday')
  await mkdir(inside)
  await dropFiles(alice.composer, [inside, await textFile('list.txt')])
  const dialog = alice.dialog('Send to bob')
  await dialog.getByText('list.txt').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await stop.filter({ hasText: /“holiday” cannot be read. A folder/ }).waitFor()
  assert.deepEqual((await bob.texts()).length, 3)
})

async function textFile(name: string): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, 'something')
  return file
}

function pick({ page }: ChatPage, file: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
  return page.getByLabel('Files to attach').setInputFiles(file)
}

/** Opens a picture in full and saves it from there. */
async function opened(chat: ChatPage, caption: string): Promise<Buffer> {
  await chat.button(`Open the picture ${caption}`).click()
  const view = chat.page.getByRole('dialog')
  const picture = view.getByRole('img', { name: caption })
  await picture.waitFor()
  assert.ok(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth > 0))
  const saved = await savedFrom(chat.page, view.getByRole('button', { name: 'Save' }))
  await chat.page.keyboard.press('Escape')
  await view.waitFor({ state: 'detached' })
  return saved.bytes
}

/** Every state that the row of a message showed, however shortly, until it is asked for. */
async function statesOf({ log }: ChatPage, text: string): Promise<() => Promise<string[]>> {
  const seen = await log.evaluateHandle((element, wanted) => {
    const states: string[] = []
    new MutationObserver(() => {
      const rows = [...element.querySelectorAll('[data-row]')]
      const row = rows.find((one) => one.textContent.includes(wanted))
      const state = row?.querySelector('.state')?.textContent ?? ''
      if (state !== '' && state !== states.at(-1)) states.push(state)
    }).observe(element, { subtree: true, childList: true, characterData: true })
    return states
  }, text)
  return () => seen.jsonValue()
}

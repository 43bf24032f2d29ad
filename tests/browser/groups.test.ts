import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient, Group } from '@fastchat/client-core'
import type { Locator } from 'playwright-core'
import { somebodyOn } from '../support/somebody-on.ts'
import { until } from '../support/until.ts'
import { ChatPage } from './support/chat-page.ts'
import { useWebApp } from './support/use-web-app.ts'

let alice: ChatPage
let bob: ChatPage
let carol: ChatClient

useWebApp({ servers: 2 }, async ({ cluster, browser, closing }) => {
  carol = closing.adopt(await somebodyOn(cluster, 'carol'), (one) => one.close())
  alice = await ChatPage.signedUp(browser, 'alice')
  bob = await ChatPage.signedUp(browser, 'bob')
  await alice.makeGroup('hikers', ['bob'])
  await bob.openChat('hikers')
})

test('an admin adds a member, who then gets what is written, and the others see her come', async () => {
  await alice.button('Add people').click()
  const dialog = alice.dialog('Add people')
  await dialog.getByRole('combobox', { name: 'Find a person' }).fill('carol')
  await dialog.getByRole('option', { name: 'carol', exact: true }).click()
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })

  await bob.sees('alice added carol')
  await memberRow(bob, 'carol').waitFor()
  const group = await until('carol is in', async () => (await carol.groups.list())[0])
  await alice.say('welcome')
  await until('she has it', async () => {
    const [last] = await carol.history(group.conversation, { limit: 1 })
    return last?.kind === 'text' && last.text === 'welcome' ? last : undefined
  })
})

test('a new name stands at once over the conversation and in the list of every member', async () => {
  await alice.button('Rename').click()
  const dialog = alice.dialog('Rename the group')
  await dialog.getByLabel('New name').fill('runners')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.waitFor({ state: 'detached' })

  for (const chat of [alice, bob]) {
    await chat.page.getByRole('main', { name: 'Conversation with runners' }).waitFor()
    await chat.page
      .getByRole('list', { name: 'Chats' })
      .getByRole('link')
      .filter({ has: chat.page.getByText('runners', { exact: true }) })
      .waitFor()
  }
  await bob.sees('alice named the group “runners”')
})

test('who is made admin can administer, until it is taken back', async () => {
  assert.equal(await bob.button('Rename').count(), 0)
  await member(alice, 'bob', 'Make admin')
  await bob.sees('alice made you admin')
  await bob.button('Rename').waitFor()

  await member(alice, 'bob', "Take the admin's rights")
  await bob.sees("alice took the admin's rights from you")
  await bob.button('Rename').waitFor({ state: 'detached' })
  await bob.button('What to do with carol').click()
  await bob.page.getByRole('menuitem', { name: 'Write to carol' }).waitFor()
  assert.equal(await bob.page.getByRole('menuitem').count(), 1)
  await bob.page.keyboard.press('Escape')
})

test('who hands the group over is an ordinary member from then on', async () => {
  await member(alice, 'bob', 'Hand the group over')
  const dialog = alice.dialog('Hand runners over to bob?')
  await dialog.getByText('bob becomes admin, and you stop being one.').waitFor()
  await dialog.getByRole('button', { name: 'Hand over' }).click()

  await bob.sees('alice handed the group over to you')
  await bob.button('Delete').waitFor()
  await alice.button('Delete').waitFor({ state: 'detached' })
  await memberRow(bob, 'alice').filter({ hasNotText: 'Admin' }).waitFor()
})

test('the only admin cannot leave, and is told what to do first', async () => {
  await bob.button('Leave').click()
  const dialog = bob.dialog('Leave runners?')

  await dialog.getByText('You are the only admin.').waitFor()

  assert.equal(await dialog.getByRole('button', { name: 'Leave' }).count(), 0)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await dialog.waitFor({ state: 'detached' })
})

test('who is removed is gone from the list of members on every screen', async () => {
  await member(bob, 'carol', 'Remove from the group')
  await bob.dialog('Remove carol?').getByRole('button', { name: 'Remove' }).click()

  await alice.sees('bob removed carol')
  await memberRow(alice, 'carol').waitFor({ state: 'detached' })
  await until('she knows', async () => isOut(await carol.groups.list(), 'kicked'))
})

test('who leaves cannot write any more, keeps what was written, and is seen to go', async () => {
  await alice.button('Leave').click()
  await alice.dialog('Leave runners?').getByRole('button', { name: 'Leave' }).click()

  await stop(alice).getByText('You left this group.').waitFor()
  assert.equal(await alice.composer.count(), 0)
  await alice.sees('welcome')
  await bob.sees('alice left')
  await memberRow(bob, 'alice').waitFor({ state: 'detached' })
})

test('a group is deleted only when its name was typed, and ends for everybody', async () => {
  await bob.makeGroup('swimmers', ['alice'])
  await alice.openChat('swimmers')
  await bob.button('Delete').click()
  const dialog = bob.dialog('Delete swimmers?')
  const confirm = dialog.getByRole('button', { name: 'Delete the group' })
  const box = dialog.getByLabel('Type the name of the group, swimmers')
  assert.equal(await confirm.isEnabled(), false)
  await box.fill('swimmer')
  assert.equal(await confirm.isEnabled(), false)
  await box.press('Enter')
  await alice.composer.waitFor()

  await box.fill('swimmers')
  await confirm.click()

  for (const chat of [alice, bob]) {
    await stop(chat).getByText('This group was deleted.').waitFor()
    assert.equal(await chat.composer.count(), 0)
  }
})

async function member(chat: ChatPage, name: string, action: string): Promise<void> {
  await chat.button(`What to do with ${name}`).click()
  await chat.page.getByRole('menuitem', { name: action }).click()
}

function memberRow({ page }: ChatPage, name: string): Locator {
  const members = page.getByRole('region', { name: 'Members' })
  return members.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) })
}

function stop({ page }: ChatPage): Locator {
  return page.getByRole('region', { name: 'Why nothing can be sent' })
}

function isOut([group]: readonly Group[], state: Group['state']): true | undefined {
  return group?.state === state || undefined
}

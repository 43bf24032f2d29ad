import type { Locator, Page } from 'playwright-core'
import { untilTrue } from '../../support/until.ts'
import type { GuardedBrowser, Profile } from './guarded-browser.ts'

export const password = 'correct horse battery staple'

/** The chat app in one tab, used as people use it: by what things are called. */
export class ChatPage {
  readonly page: Page
  readonly profile: Profile

  constructor(page: Page, profile: Profile) {
    this.page = page
    this.profile = profile
  }

  static async open(profile: Profile): Promise<ChatPage> {
    const page = await profile.newPage()
    await page.goto('/')
    return new ChatPage(page, profile)
  }

  /** Somebody new, in a profile of their own. */
  static async signedUp(browser: GuardedBrowser, name: string): Promise<ChatPage> {
    const chat = await ChatPage.open(await browser.newProfile())
    await chat.enter('Create account', name)
    await chat.untilConnected()
    return chat
  }

  async enter(how: 'Create account' | 'Sign in', name: string, typed = password): Promise<void> {
    const choice = this.page.getByRole('group', { name: 'What to do' })
    await choice.getByRole('button', { name: how }).click()
    await this.page.getByLabel('Username').fill(name)
    await this.page.getByLabel('Password', { exact: true }).fill(typed)
    await this.page.getByLabel('Password', { exact: true }).press('Enter')
  }

  /** How it stands to the servers, in the words of the sidebar. */
  get connection(): Locator {
    const side = this.page.getByRole('navigation', { name: 'Conversations' })
    return side.getByRole('status', { name: 'Connection' })
  }

  async untilConnected(): Promise<void> {
    await this.connection.filter({ hasText: /server \d/ }).waitFor()
  }

  /** The server that it is on, as soon as it is on one. */
  async server(): Promise<number> {
    await this.untilConnected()
    return Number(/server (\d+)/.exec((await this.connection.textContent()) ?? '')?.[1])
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' })
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to / })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) })
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name })
  }

  /** One of those in the list; whoever is not in it yet is found by name. */
  async openChat(name: string): Promise<void> {
    const chats = this.page.getByRole('list', { name: 'Chats' }).getByRole('link')
    const listed = chats.filter({ has: this.page.getByText(name, { exact: true }) })
    if ((await listed.count()) > 0) await listed.first().click()
    else {
      await this.button('New chat').first().click()
      await this.page.getByRole('combobox', { name: 'Find a person' }).fill(name)
      await this.page.getByRole('option', { name, exact: true }).click()
    }
    await this.page.getByRole('main', { name: `Conversation with ${name}` }).waitFor()
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** The row of a message: the bubble and how far it came. */
  row(text: string | RegExp): Locator {
    return this.log.getByRole('listitem').filter({ hasText: text })
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.row(text).first().waitFor()
  }

  /** Resolves when the row of a message says so. */
  async seesState(text: string, state: string | RegExp): Promise<void> {
    await this.row(text).filter({ hasText: state }).waitFor()
  }

  /** What is in the bubbles, without who and when. */
  async texts(): Promise<readonly string[]> {
    const texts = await this.log.getByRole('article').allTextContents()
    return texts.map((text) => text.replace(/^\s*[^,]+, \d\d:\d\d:/, '').trim())
  }

  async untilTexts(what: string, fits: (texts: readonly string[]) => boolean): Promise<void> {
    let last: readonly string[] = []
    const look = async () => {
      last = await this.texts()
      return fits(last)
    }
    await untilTrue(what, look).catch((error: unknown) => {
      throw new Error(`${what}, but:\n${last.join('\n')}`, { cause: error })
    })
  }

  async choose(item: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Menu', exact: true }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  async makeGroup(name: string, people: readonly string[]): Promise<void> {
    await this.button('New group').first().click()
    await this.page.getByLabel('Name of the group').fill(name)
    for (const person of people) {
      await this.page.getByRole('combobox', { name: 'Find people to add' }).fill(person)
      await this.page.getByRole('option', { name: person, exact: true }).click()
    }
    await this.button('Create group').click()
    await this.composer.and(this.page.getByLabel(`Message to ${name}`, { exact: true })).waitFor()
  }
}

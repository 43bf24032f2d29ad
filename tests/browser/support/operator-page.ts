import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** The dashboard in one tab, used as operators use it: by what things are called. */
export class OperatorPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async signIn(name: string, password: string): Promise<void> {
    await this.page.getByLabel('Operator').fill(name)
    await this.page.getByLabel('Password').fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  get verdict(): Locator {
    return this.page.getByRole('heading', { level: 1 })
  }

  /** Resolves when the first sentence says so, with how long that took from now. */
  async told(verdict: RegExp): Promise<number> {
    const began = performance.now()
    await this.verdict.filter({ hasText: verdict }).waitFor()
    return performance.now() - began
  }

  /** The big number of that name. */
  number(name: string): Locator {
    const tile = this.page
      .getByRole('region', { name: 'Now' })
      .locator('.card')
      .filter({ has: this.page.getByRole('heading', { name, exact: true }) })
    return tile.locator('.big')
  }

  async untilNumber(name: string, value: number): Promise<void> {
    await this.number(name)
      .filter({ hasText: new RegExp(`^\\s*${value}\\s*$`) })
      .waitFor()
  }

  region(name: string | RegExp): Locator {
    return this.page.getByRole('region', { name })
  }

  /** What a table says, row by row, without spaces around it. */
  cells(region: Locator): Promise<readonly (readonly string[])[]> {
    // At once: a second later it says something else.
    return region
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...(row as HTMLTableRowElement).cells].map((cell) =>
            cell.innerText.replace(/\s+/g, ' ').trim(),
          ),
        ),
      )
  }

  server(id: number): Locator {
    const name = this.page.getByRole('rowheader', { name: `Server ${id}`, exact: true })
    return this.region('Servers').getByRole('row').filter({ has: name })
  }

  async untilServer(id: number, state: string | RegExp): Promise<void> {
    await this.server(id).filter({ hasText: state }).waitFor()
  }

  /** The server that tells this page. */
  async follows(): Promise<number> {
    const text = await this.region('Housekeeping').innerText()
    const id = Number(/is told by server (\d+)/.exec(text)?.[1])
    assert.ok(id > 0, text)
    return id
  }

  async confirm(action: string): Promise<void> {
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('button', { name: action }).click()
    await dialog.waitFor({ state: 'detached' })
  }
}

import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'

/** What the browser saved when the button was pressed, and under which name. */
export async function savedFrom(page: Page, button: Locator) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

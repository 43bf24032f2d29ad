import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Fails with what WCAG 2.2 AA says against this screen, in light and in dark. */
export async function checkAccess(page: Page, screen: string): Promise<void> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // The usual mode opens a page of its own to gather the results of frames; there are none.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(tags).analyze()
    for (const { id, nodes } of violations)
      for (const { html, failureSummary } of nodes)
        found.push(`${id}, ${colorScheme}: ${html}\n  ${failureSummary}`)
  }
  assert.deepEqual(found, [], screen)
}

/** Fails with what sticks out of the window at the side. */
export async function checkFits(page: Page, screen: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const out = [...document.querySelectorAll<HTMLElement>('body *')].filter((element) => {
      const { width, height, left, right } = element.getBoundingClientRect()
      // What is there for screen readers only is one pixel large.
      const isSeen = width > 1 && height > 1 && element.checkVisibility()
      return isSeen && (right > clientWidth + 1 || left < -1)
    })
    const names = out.map((element) => element.outerHTML.slice(0, 120))
    return scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide`, ...names] : names
  })
  assert.deepEqual(wide, [], screen)
}

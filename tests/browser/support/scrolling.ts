import type { Locator } from 'playwright-core'

/** The most that was drawn, and the most that came in at once, until it is asked for. */
export async function watchWork(log: Locator) {
  const work = await log.evaluateHandle((box) => {
    const seen = { steps: 0, mostAdded: 0, rows: 0, elements: 0 }
    new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes])
      const rows = added.filter((node) => node instanceof HTMLLIElement).length
      if (rows === 0) return
      seen.steps += 1
      seen.mostAdded = Math.max(seen.mostAdded, rows)
      seen.rows = Math.max(seen.rows, box.querySelectorAll('[data-row]').length)
      seen.elements = Math.max(seen.elements, box.querySelectorAll('*').length)
    }).observe(box, { subtree: true, childList: true })
    return seen
  })
  return () => work.jsonValue()
}

/**
 * Goes near an edge of what is drawn and then nearer, so that more is drawn. Tells how far the line
 * in view was moved on the screen, and how far it was scrolled.
 */
export function goTowards(log: Locator, edge: 'older' | 'newer') {
  return log.evaluate(async (box, wanted) => {
    const [far, nearer] = [1000, 500]
    const frame = () => new Promise(requestAnimationFrame)
    const settled = async () => {
      for (let quiet = 0, height = -1; quiet < 2; ) {
        await frame()
        quiet = box.scrollHeight === height ? quiet + 1 : 0
        height = box.scrollHeight
      }
    }
    const rows = () => [...box.querySelectorAll('[data-row]')]
    const isOlder = wanted === 'older'
    const left = () =>
      isOlder ? box.scrollTop : box.scrollHeight - box.clientHeight - box.scrollTop
    // What was never in view has an estimated height until it is, so it takes a few tries.
    for (let tries = 0; tries < 8 && left() > far + 50; tries++) {
      const by = left() - far
      box.scrollBy({ top: isOlder ? -by : by, behavior: 'instant' })
      await settled()
    }
    const view = box.getBoundingClientRect()
    const inView = rows().filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return top >= view.top && bottom <= view.bottom
    })
    // The one that is still in view afterwards.
    const row = isOlder ? inView.at(0) : inView.at(-1)
    if (row === undefined) throw new Error('No message is in view.')
    const before = row.getBoundingClientRect().top
    const scrolled = Math.min(nearer, left())
    const drawn = rows().at(isOlder ? 0 : -1)
    const begin = () => box.querySelector('.begin') !== null
    box.scrollBy({ top: isOlder ? -scrolled : scrolled, behavior: 'instant' })
    let frames = 0
    while (!(isOlder && begin()) && rows().at(isOlder ? 0 : -1) === drawn) {
      await frame()
      frames += 1
      if (frames > 1000) throw new Error(`Nothing ${wanted} is drawn.`)
    }
    await settled()
    const moved = Math.round(Math.abs(row.getBoundingClientRect().top - before))
    return { line: row.textContent.trim().slice(0, 40), moved, scrolled: Math.round(scrolled) }
  }, edge)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDashboardCluster } from '../browser/support/dashboard-cluster.ts'
import { startWebCluster } from '../browser/support/web-cluster.ts'
import { launchBrowser } from '../support/browser.ts'
import { deadlineMs } from '../support/until.ts'

test('a link of a demo signs nobody in where no demo runs: not even a question is asked', async () => {
  await using cluster = await startWebCluster({ servers: 1 })
  const dashboard = await startDashboardCluster({ servers: 1 })
  await using browser = await launchBrowser()
  try {
    for (const [url, sign] of [
      [cluster.url, 'Username'],
      [dashboard.url, 'Operator'],
    ] as const) {
      const page = await browser.newPage()
      page.setDefaultTimeout(deadlineMs)
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await page.goto(`${url}/#demo=AAAAAAAAAAAAAAAAAAAAAAAA`)

      await page.getByLabel(sign).waitFor()
      assert.ok(!page.url().includes('AAAA'), page.url())
      assert.ok(!asked.some((path) => path.startsWith('/demo')), asked.join(' '))
    }
  } finally {
    await dashboard.close()
  }
})

// node tools/screenshots/dashboard.ts: the pictures of the dashboard in docs/images, made from the real page on real servers under
// traffic. Takes two minutes and a half, for messages to grow old; not part of the tests.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDashboardCluster } from '../../tests/browser/support/dashboard-cluster.ts'
import { someoneIsAway } from '../../tests/support/absence.ts'
import { launchBrowser } from '../../tests/support/browser.ts'
import { startChatter } from '../../tests/support/chatter.ts'
import type { Cluster } from '../../tests/support/cluster.ts'
import { createOperator } from '../../tests/support/operator.ts'
import { signedUp } from '../../tests/support/people.ts'
import { openSql } from '../../tests/support/sql.ts'
import { root } from '../bootstrap.mjs'
import { withThrowAwayPostgres } from '../postgres/throw-away.ts'

const images = path.join(root, 'docs/images')
const pictures = [
  { name: 'dashboard-light', colorScheme: 'light', width: 1280, height: 1010 },
  { name: 'dashboard-dark', colorScheme: 'dark', width: 1280, height: 1010 },
  { name: 'dashboard-phone', colorScheme: 'light', width: 360, height: 780 },
] as const
/** The oldest message is to be about to expire. */
const trafficMs = 135_000
const slowId = 4

mkdirSync(images, { recursive: true })
await withThrowAwayPostgres(async ({ url: postgresUrl }) => {
  const dashboard = await startDashboardCluster({ postgresUrl, servers: 5 })
  try {
    await take(dashboard.cluster, dashboard.url)
  } finally {
    await dashboard.close()
  }
})
process.exit()

async function take(cluster: Cluster, url: string): Promise<void> {
  await using sql = await openSql(cluster.databaseUrl)
  const token = await createOperator(sql)
  const { writers } = await someoneIsAway(cluster, 'bob', ['alice', 'carol'])
  const [alice, carol] = writers
  const [dave, erin] = await Promise.all(
    ['dave', 'erin'].map((name) => signedUp(cluster.url, name)),
  )
  if (!alice || !carol || !dave || !erin) throw new Error('unreachable: four people')
  startChatter(dave, 'erin', 60)
  startChatter(erin, 'dave', 90)
  startChatter(alice, 'dave', 250)
  startChatter(carol, 'bob', 1700)
  makeSlow(cluster)
  await sleep(trafficMs)
  await drain(cluster, token)
  await sleep(6000)

  const browser = await launchBrowser()
  for (const { name, colorScheme, ...viewport } of pictures) {
    const context = await browser.newContext({ colorScheme, viewport, deviceScaleFactor: 1.5 })
    await context.addInitScript(
      (kept) => sessionStorage.setItem('fastchat.operator', kept),
      JSON.stringify({
        token,
        name: 'olga',
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
      }),
    )
    const page = await context.newPage()
    await page.goto(url)
    await page.getByRole('heading', { name: 'Servers', exact: true }).waitFor()
    await page.evaluate(() => document.fonts.ready)
    await sleep(1500)
    await page.screenshot({ path: path.join(images, `${name}.png`) })
    console.log(`${name}.png`)
    await context.close()
  }
  await browser.close()
}

/** Held back for a part of each second, as by a neighbour that takes its core. */
function makeSlow(cluster: Cluster): void {
  setInterval(() => {
    cluster.freeze(slowId)
    setTimeout(() => cluster.thaw(slowId), 420)
  }, 900)
}

async function drain(cluster: Cluster, token: string): Promise<void> {
  const query = `mutation { drainServer(input: { serverId: 5, reason: "new kernel" }) { __typename } }`
  await fetch(`${cluster.serverUrl(1)}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
}

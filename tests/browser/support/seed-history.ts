import { bundled } from '../../../client-web/src/lib/storage/testing/bundled.ts'
import type { Seed } from '../../../client-web/src/lib/storage/testing/seed-history.ts'
import type { Profile } from './guarded-browser.ts'

/** Writes a long conversation into a profile in which the app is closed, as the app keeps it. */
export async function seedHistory(profile: Profile, seed: Seed): Promise<void> {
  const script = await bundled('seed-history.ts', 'seeding')
  const page = await profile.newPage()
  // Of the same origin, and without the app.
  await page.goto('/icon.svg')
  await page.evaluate(`${script}; seeding.seedHistory(${JSON.stringify(seed)})`)
  await page.close()
}

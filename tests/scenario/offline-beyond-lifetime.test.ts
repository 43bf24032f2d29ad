import { test } from 'node:test'
import { runExpiry } from '../support/expiry-run.ts'

test('what nobody fetched in time never arrives, its sender is told, and no table holds it any more', async () => {
  await runExpiry(5)
})

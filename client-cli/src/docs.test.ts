import { test } from 'node:test'
import { checkDocs } from './docs.ts'

test('docs/cli.md and the man page say what the program says', async () => {
  await checkDocs()
})

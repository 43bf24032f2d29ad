import { test } from 'node:test'
import { checkDocs } from './docs.ts'

test('docs/cli.md says what the program says', async () => {
  await checkDocs()
})

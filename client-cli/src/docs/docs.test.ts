import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { commandLineDocs } from './command-line.ts'
import { cliPage } from './page.ts'

test('docs/cli.md says what the program says; node client-cli/src/docs.ts writes it', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/cli.md')

  assert.equal(await readFile(file, 'utf8'), cliPage(commandLineDocs()))
})

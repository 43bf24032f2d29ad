// Writes docs/cli.md from the tables the program itself uses; with --check it only says whether the
// page is as it would be written.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { commandLineDocs } from './docs/command-line.ts'
import { cliPage } from './docs/page.ts'

const file = path.resolve(import.meta.dirname, '../../docs/cli.md')

/** Throws if docs/cli.md says something else than the program. */
export async function checkDocs(): Promise<void> {
  const found = await readFile(file, 'utf8').catch(() => '')
  if (found === cliPage(commandLineDocs())) return
  throw new Error('docs/cli.md is not what the program says. Run: node client-cli/src/docs.ts')
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  if (values.check) await checkDocs()
  else await writeFile(file, cliPage(commandLineDocs()))
}

// Writes docs/cli.md from the tables the program itself uses; with --check it only says whether the
// page is as it would be written.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { commandLineDocs } from './docs/command-line.ts'
import { cliPage } from './docs/page.ts'

const file = path.resolve(import.meta.dirname, '../../docs/cli.md')
const wanted = cliPage(commandLineDocs())

if (process.argv.includes('--check')) {
  const found = await readFile(file, 'utf8').catch(() => '')
  if (found !== wanted) {
    process.stderr.write(
      'docs/cli.md is not what the program says. Run: node client-cli/src/docs.ts\n',
    )
    process.exitCode = 1
  }
} else {
  await writeFile(file, wanted)
}

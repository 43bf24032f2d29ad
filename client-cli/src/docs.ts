// Writes docs/cli.md and the man page from the tables the program itself uses; with --check it only says whether they are as
// they would be written.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { commandLineDocs } from './docs/command-line.ts'
import { manPage } from './docs/man-page.ts'
import { cliPage } from './docs/page.ts'

const root = path.resolve(import.meta.dirname, '../..')
const pages = { 'docs/cli.md': cliPage, 'client-cli/fastchat.1': manPage } as const

/** Throws if a page says something else than the program. */
export async function checkDocs(): Promise<void> {
  const docs = commandLineDocs()
  for (const [file, page] of Object.entries(pages)) {
    const found = await readFile(path.join(root, file), 'utf8').catch(() => '')
    if (found !== page(docs))
      throw new Error(`${file} is not what the program says. Run: node client-cli/src/docs.ts`)
  }
}

async function writeDocs(): Promise<void> {
  const docs = commandLineDocs()
  for (const [file, page] of Object.entries(pages))
    await writeFile(path.join(root, file), page(docs))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  await (values.check ? checkDocs() : writeDocs())
}

import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * A copy of a built web app whose page says that a demo hands it out, and which. Only such a page looks at one-time links, and
 * what it keeps in the browser lies apart from everything that was kept at this address before.
 */
export async function copyMarked(built: string, to: string, run: string): Promise<string> {
  await cp(built, to, { recursive: true })
  const page = path.join(to, 'index.html')
  const text = await readFile(page, 'utf8')
  const marked = text.replace('<head>', `<head>\n    <meta name="fastchat-demo" content="${run}">`)
  if (marked === text) throw new Error(`${page} has no <head> to put the mark of the demo into.`)
  await writeFile(page, marked)
  for (const twin of ['br', 'gz']) await rm(`${page}.${twin}`, { force: true })
  return to
}

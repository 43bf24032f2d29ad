import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** Relative links, and file paths in backticks, that lead nowhere; and links to headings that are not there. */
export function findDeadLinks(root: string, files: readonly string[]): string[] {
  const topFolders = new Set(
    files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]),
  )
  return files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      const prose = withoutCodeBlocks(text)
      return [
        ...linksIn(prose)
          .filter((link) => !leadsSomewhere(root, file, link))
          .map((link) => `${file}: the link to ${link} leads nowhere`),
        ...pathsIn(prose, topFolders)
          .filter((name) => !existsSync(path.join(root, name)))
          .map((name) => `${file}: there is no ${name}`),
      ]
    })
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^( *)(```+|~~~+).*?^\1\2 *$/gms, '')
}

function linksIn(prose: string): string[] {
  const found = prose.matchAll(/!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)
  return [...found]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link))
}

function leadsSomewhere(root: string, file: string, link: string): boolean {
  const [target = '', heading] = decodeURI(link).split('#')
  const place =
    target === '' ? path.join(root, file) : path.resolve(root, path.dirname(file), target)
  if (!existsSync(place)) return false
  if (heading === undefined || statSync(place).isDirectory() || !place.endsWith('.md')) return true
  return headingsIn(readFileSync(place, 'utf8')).includes(heading)
}

/** As they are named on the pages where most people read them. */
function headingsIn(text: string): string[] {
  const seen = new Map<string, number>()
  return [...withoutCodeBlocks(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map((match) => {
    const name = (match[1] ?? '')
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return count === 0 ? name : `${name}-${count}`
  })
}

/** `server/src/main.ts` is a claim that it exists; `<clone>/x`, `*.ts` and anything with a placeholder is not. */
function pathsIn(prose: string, topFolders: ReadonlySet<string | undefined>): string[] {
  return [...prose.matchAll(/`([\w.@-]+(?:\/[\w.@-]+)+\/?)`/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => topFolders.has(name.split('/')[0]))
}

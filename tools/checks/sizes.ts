import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

const maxLines = 400
const exceptionsFile = 'tools/size-exceptions.txt'

/** Files that grew beyond what one reads in one go, unless the exceptions name them with a reason. */
export function findLongFiles(root: string, files: readonly string[]): string[] {
  const exceptions = readExceptions(path.join(root, exceptionsFile))
  const long = files
    .filter(
      (file) =>
        /\.(m?[jt]s|svelte|sql)$/.test(file) &&
        !file.includes('/generated/') &&
        !file.endsWith('.d.ts'),
    )
    .map((file) => ({
      file,
      lines: readFileSync(path.join(root, file), 'utf8').split('\n').length - 1,
    }))
    .filter(({ lines }) => lines > maxLines)
  const unknown = long
    .filter(({ file }) => !exceptions.has(file))
    .map(
      ({ file, lines }) =>
        `${file}: ${lines} lines, more than ${maxLines}; split it, or say why not in ${exceptionsFile}`,
    )
  const needless = [...exceptions]
    .filter((file) => !long.some((found) => found.file === file))
    .map((file) => `${exceptionsFile}: ${file} is not too long any more`)
  return [...unknown, ...needless]
}

/** Lines of the form `path: reason`. */
function readExceptions(file: string): Set<string> {
  if (!existsSync(file)) return new Set()
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Set(
    lines.filter((line) => /: \S/.test(line)).map((line) => line.slice(0, line.indexOf(':'))),
  )
}

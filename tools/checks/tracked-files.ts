import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** Every file of the project, relative to its root with forward slashes: committed, or new and not ignored. */
export function listFiles(root: string): string[] {
  const output = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  const names = new Set(output.split('\0').filter((name) => name !== ''))
  return [...names].filter((name) => existsSync(path.join(root, name))).sort()
}

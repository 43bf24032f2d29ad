import { readFileSync } from 'node:fs'
import path from 'node:path'

type Package = {
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
}

/**
 * Finds what npm leaves out of a lock file without a word: packages for platforms other than the one it ran on, when the
 * registry in use does not have them yet. The lock then works here and fails on the machine of somebody else.
 */
export function findLockGaps(root: string, files: readonly string[]): string[] {
  return files
    .filter((file) => path.basename(file) === 'package-lock.json')
    .flatMap((file) => {
      const { packages } = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as {
        packages: Record<string, Package>
      }
      return Object.entries(packages).flatMap(
        ([location, { optionalDependencies = {}, resolved }]) => [
          ...Object.keys(optionalDependencies)
            .filter((name) => !isLocked(packages, location, name))
            .map(
              (name) => `${file}: ${location || 'the root'} may need ${name}, and it is not locked`,
            ),
          ...(resolved?.startsWith('http')
            ? [`${file}: ${location} names the registry it came from`]
            : []),
        ],
      )
    })
}

/** Looks where Node would: beside the package, then in each folder above it. */
function isLocked(packages: Record<string, Package>, location: string, name: string): boolean {
  for (let at = location; ; at = parentOf(at)) {
    const key = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (packages[key] !== undefined) return true
    if (at === '') return false
  }
}

function parentOf(location: string): string {
  const end = location.lastIndexOf('/node_modules/')
  return end < 0 ? '' : location.slice(0, end)
}

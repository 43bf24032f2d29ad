import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'

/** The files, relative to both, that only one of the two has or that differ; '' when they are single files. */
export async function differences(made: string, committed: string): Promise<string[]> {
  const names = new Set([...(await filesIn(made)), ...(await filesIn(committed))])
  const differing: string[] = []
  for (const name of [...names].sort()) {
    const [left, right] = await Promise.all([
      textOf(path.join(made, name)),
      textOf(path.join(committed, name)),
    ])
    if (left !== right) differing.push(name)
  }
  return differing
}

/** Replaces the committed file or folder as a whole, so that nothing outlives what made it. */
export async function publish(made: string, committed: string): Promise<void> {
  await rm(committed, { recursive: true, force: true })
  await mkdir(path.dirname(committed), { recursive: true })
  await cp(made, committed, { recursive: true })
}

async function filesIn(place: string): Promise<string[]> {
  const found = await stat(place).catch(() => undefined)
  if (found === undefined) return []
  if (found.isFile()) return ['']
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)))
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

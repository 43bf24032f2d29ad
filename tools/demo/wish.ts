import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../bootstrap.mjs'
import { Halt } from '../halt.mjs'
import { type Control, runningDemos } from './demo-folder.ts'
import type { Door } from './links.ts'
import type { Wish } from './options.ts'
import { inkFor, linkRows } from './screen.ts'

type Running = Control & { readonly folder: string }

/** Asks the demo that runs for something. Returns the exit code. */
export async function tellDemo(wish: Wish, port: number | undefined): Promise<number> {
  const demo = await findDemo(port)
  const answer = await ask(demo, wish)
  if (wish.verb === 'chat') return chat(demo, answer as unknown as Person)
  if (wish.verb === 'links') {
    const links = answer.links as Readonly<Record<Door, string>>
    const at = port === undefined ? '' : ` --port ${port}`
    const ink = inkFor(process.stdout, process.env)
    console.log(linkRows({ links: { make: (door) => links[door] }, ink, at }))
    return 0
  }
  console.log(answer.said)
  return 0
}

async function findDemo(port: number | undefined): Promise<Running> {
  const demos = await runningDemos()
  const fitting = demos.filter((demo) => port === undefined || demo.port === port)
  const [demo, another] = fitting
  if (demo === undefined)
    throw new Halt(
      demos.length === 0
        ? 'No demo is running here. Start one in another terminal: npm run demo'
        : `No demo is at port ${port}, but at ${demos.map((known) => known.port).join(', ')}.`,
    )
  if (another !== undefined)
    throw new Halt(
      `Several demos are running, at ${fitting.map((known) => known.port).join(' and ')}. Say which with --port.`,
    )
  return demo
}

async function ask({ port, key }: Running, wish: Wish): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`http://127.0.0.1:${port}/demo/do`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(wish),
  }).catch(() => {
    throw new Halt('The demo does not answer. It may just be stopping.')
  })
  const told = (await answer.json()) as Readonly<Record<string, unknown>>
  if (!answer.ok) throw new Halt(String(told.problem))
  return told
}

interface Person {
  readonly name: string
  readonly password: string
  readonly server: string
}

/** The terminal client, with everything it keeps in the folder of the demo, and so gone with it. */
async function chat(demo: Running, { name, password, server }: Person): Promise<number> {
  const home = path.join(demo.folder, 'terminal')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const passwordFile = path.join(home, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const env = {
    ...process.env,
    FASTCHAT_HOME: home,
    FASTCHAT_SERVER: server,
    FASTCHAT_PROFILE: name,
    FASTCHAT_PASSWORD_FILE: passwordFile,
  }
  if (!existsSync(path.join(home, 'config', 'profiles', name, 'key.json'))) {
    const code = await runClient(['signup', '--name', name], env)
    if (code !== 0) return code
  }
  return runClient([], env)
}

async function runClient(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const client = path.join(root, 'client-cli/src/main.ts')
  const child = spawn(process.execPath, [client, ...args], { stdio: 'inherit', env })
  // The terminal sends Ctrl+C to the client as well, and it decides.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  const [code] = (await once(child, 'exit')) as [number | null]
  process.off('SIGINT', ignore)
  return code ?? 1
}

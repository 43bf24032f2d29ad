import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestContext } from 'node:test'
import type { ChatClient } from '@fastchat/client-core'
import { untilTrue } from './until.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** The program of the manual that stands below this heading. */
export async function exampleBelow(file: string, heading: string): Promise<string> {
  const text = await readFile(path.join(root, file), 'utf8')
  const section = text.slice(text.indexOf(`\n## ${heading}\n`))
  const program = /```ts\n(.*?)```/s.exec(section)?.[1]
  if (program === undefined) throw new Error(`There is no example of ${heading} in ${file}.`)
  return program
}

/** Runs it as a person would who has copied it, until the test is over. */
export function run(context: TestContext, program: string, env: Record<string, string>): void {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  context.after(async () => {
    if (child.exitCode !== null) return
    child.kill()
    await once(child, 'exit')
  })
}

export function untilThere(client: ChatClient, username: string): Promise<void> {
  return untilTrue(`${username} is on-line`, async () => {
    return (await client.lookUp(username))?.isOnline === true
  })
}

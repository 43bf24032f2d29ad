import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { startCluster } from '../support/cluster.ts'
import { signedUp } from '../support/people.ts'
import { openShell } from '../terminal/support/shell.ts'

const root = path.resolve(import.meta.dirname, '../..')
const page = readFileSync(path.join(root, 'docs/api.md'), 'utf8')

const hasCurl = spawnSync('curl', ['--version']).status === 0

test('the examples of docs/api.md do what the page says', {
  skip: hasCurl ? false : 'there is no curl here',
}, async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using shell = await openShell(cluster.url)
  await using bob = await signedUp(cluster.url, 'bob')
  assert.equal((await shell.run('alice', ['signup', '--name', 'alice'])).code, 0)
  const access = await shell.run('alice', ['token', '--env'])
  assert.equal(access.code, 0)
  const env = { ...process.env, ...variablesOf(access.stdout) }
  // The example that prints the variables is about the program, which has run above; the others get what it printed.
  const [fastest = '', me = '', refused = '', watched = ''] = examples('sh').map((example) =>
    example.replace('http://127.0.0.1:7680', cluster.url).replace(/^eval .*$/m, ''),
  )
  const socket = examples('js')[0] ?? assert.fail()

  assert.match(JSON.parse(bash(fastest, env)).data.fastestServer.url, /^http:/)
  assert.equal(JSON.parse(bash(me, env)).data.me.account.username, 'alice')
  assert.equal(JSON.parse(bash(refused, env)).data.acknowledge.code, 'STALE_ATTACHMENT')

  const told = follow('bash', ['-c', watched], env)
  await bob.send('alice', { text: 'over server-sent events' })
  assert.match(await told.says(/MessageArrived.*"envelope":"[\w-]+"/), /event: next/)
  told.stop()

  const heard = follow(process.execPath, ['--input-type=module', '--eval', socket], env)
  await heard.says(/^MessageArrived$/m)
  heard.stop()
})

function examples(language: string): readonly string[] {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))
  return Array.from(blocks, ([, text = '']) => text)
}

function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  )
}

function bash(script: string, env: NodeJS.ProcessEnv): string {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout
}

function follow(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(command, args, { cwd: root, env, detached: true })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return {
    says: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        child.stdout?.setEncoding('utf8').on('data', (text: string) => {
          said += text
          if (pattern.test(said)) resolve(said)
        })
        child.once('close', () => reject(new Error(`It ended without ${pattern}: ${said}`)))
      }),
    // The whole group: curl is a child of its shell.
    stop: () => process.kill(-(child.pid ?? 0)),
  }
}

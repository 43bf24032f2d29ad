import assert from 'node:assert/strict'
import { chmod, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { openShell, password, type Shell } from './support/shell.ts'

// Commands as a script calls them: real processes, pipes, exit codes. One cluster for all of them, with
// a lifetime short enough to see a message expire.
let cluster: Cluster
let shell: Shell

before(async () => {
  cluster = await startCluster({ servers: 2, ttlSeconds: 3 })
  shell = await openShell(cluster.url)
  for (const name of ['alice', 'bob']) {
    const { code, stderr } = await shell.run(name, ['signup', '--name', name, '--device', 'laptop'])
    assert.equal(code, 0, stderr)
  }
})

after(async () => {
  await shell?.[Symbol.asyncDispose]()
  await cluster?.close()
})

test('a message that is stored ends with 0, and stdout holds only the answer', async () => {
  const { code, stdout } = await shell.run('alice', ['send', 'bob', 'hello', 'bob', '--json'])

  assert.equal(code, 0)
  const answer = JSON.parse(stdout)
  assert.equal(answer.to, 'bob')
  assert.equal(answer.state, 'stored')
  assert.ok(Date.parse(answer.expiresAt) > 0)
})

test('listen prints what was sent from a pipe, the sender learns that it was delivered', async () => {
  const listening = shell.start('bob', ['listen', '--json'])
  await listening.says(/"state":"connected"/)

  const sent = await shell.run('alice', ['send', 'bob', '-', '--wait', 'delivered'], {
    input: 'from a pipe\nsecond line\n',
  })
  await listening.says(/"type":"message"/)
  listening.process.kill('SIGINT')
  const { code, stdout } = await listening.ended

  assert.equal(sent.code, 0, sent.stderr)
  assert.equal(code, 130)
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const message = events.find(({ type, text }) => type === 'message' && text.startsWith('from'))
  assert.equal(message?.from, 'alice')
  assert.equal(message?.text, 'from a pipe\nsecond line')
})

test('listen --count ends by itself, and what it printed counts as delivered', async () => {
  const listening = shell.start('bob', ['listen', '--json', '--count', '1'])
  await listening.says(/"state":"connected"/)

  const sent = await shell.run('alice', ['send', 'bob', 'only one', '--wait', 'delivered'])

  assert.equal(sent.code, 0, sent.stderr)
  assert.equal((await listening.ended).code, 0)
})

test('a message that nobody fetched in the time given ends with 7, one that expired with 8', async () => {
  const words = ['send', 'bob', 'anybody there?', '--wait', 'delivered']

  const early = await shell.run('alice', [...words, '--timeout', '500ms'])
  const late = await shell.run('alice', words)

  assert.equal(early.code, 7, early.stderr)
  assert.equal(late.code, 8, late.stderr)
})

test('what cannot work ends with 1 and says why', async () => {
  const nobody = await shell.run('alice', ['who', 'nobody'])
  const wrong = await shell.run('alice', ['who', 'bob', '--password-file', '-'], {
    input: 'wrong\n',
  })
  const taken = await shell.run('carol', ['signup', '--name', 'alice'])

  assert.deepEqual([nobody.code, wrong.code, taken.code], [1, 1, 1])
  assert.match(nobody.stderr, /nobody called nobody/)
  assert.match(wrong.stderr, /not the password/)
  assert.match(taken.stderr, /taken/)
})

test('wrong passwords are counted by the servers, whichever client tries them, and end with 5', async () => {
  const codes: (number | null)[] = []
  for (const profile of ['thief1', 'thief2', 'thief3', 'thief4']) {
    const words = ['signin', '--name', 'bob', '--password-file', '-']
    const { code } = await shell.run(profile, words, { input: 'a guess at it\n' })
    codes.push(code)
  }

  assert.deepEqual(codes, [1, 1, 1, 5])
})

test('a wrong command line ends with 2 and asks nothing', async () => {
  const lines = [
    ['sned', 'bob', 'hi'],
    ['send'],
    ['send', 'bob'],
    ['listen', '--count', 'x'],
    ['--nope'],
  ]

  for (const words of lines) {
    const { code, stdout, stderr } = await shell.run('alice', words)
    assert.equal(code, 2, words.join(' '))
    assert.equal(stdout, '')
    assert.notEqual(stderr, '')
  }
})

test('without a server a command ends with 3 and has changed nothing', async () => {
  const env = { FASTCHAT_SERVER: 'http://127.0.0.1:9' }

  const servers = await shell.run('alice', ['servers'], { env })
  const signUp = await shell.run('dave', ['signup', '--name', 'dave'], { env })

  assert.deepEqual([servers.code, signUp.code], [3, 3])
})

test('a profile that nobody signed in with ends with 6', async () => {
  const { code, stderr } = await shell.run('stranger', ['send', 'bob', 'hi'])

  assert.equal(code, 6)
  assert.match(stderr, /fastchat signup/)
})

test('commands piped into the chat run one after the other', async () => {
  const { code, stdout } = await shell.run('alice', [], { input: '/SEND bob one\n/who bob\n' })

  assert.equal(code, 0)
  assert.match(stdout, /to bob │ one/)
  assert.match(stdout, /bob is off-line/)
  assert.match(stdout, /✓ stored/)
})

test('a second client on one profile is refused before it asks anything', async () => {
  const first = shell.start('bob', ['listen', '--json'])
  await first.says(/connected/)

  const second = await shell.run('bob', ['listen'])

  first.process.kill('SIGINT')
  assert.equal(second.code, 1)
  assert.match(second.stderr, /Another FastChat uses the profile "bob"/)
  assert.equal((await first.ended).code, 130)
})

test('signing out and in again goes on with the same device', async () => {
  const before = await shell.run('alice', ['devices', '--json'])

  assert.equal((await shell.run('alice', ['signout'])).code, 0)
  assert.equal((await shell.run('alice', ['devices'])).code, 6)
  const { code, stderr } = await shell.run('alice', ['signin', '--name', 'alice'])
  assert.equal(code, 0, stderr)

  assert.equal((await shell.run('alice', ['devices', '--json'])).stdout, before.stdout)
})

test('a second device signs in with the password alone, and the first can take it out again', async () => {
  const joined = await shell.run('alice-phone', ['signin', '--name', 'alice', '--device', 'phone'])
  assert.equal(joined.code, 0, joined.stderr)

  const revoked = await shell.run('alice', ['revoke', 'phone'])

  assert.equal(revoked.code, 0, revoked.stderr)
  assert.equal((await shell.run('alice-phone', ['who', 'bob'])).code, 6)
  assert.doesNotMatch((await shell.run('alice', ['devices'])).stdout, /phone/)
})

test('a key file that others could read, or that is a link, is refused', async () => {
  const { stdout } = await shell.run('bob', ['paths', '--json'])
  const { keys } = JSON.parse(stdout)

  await chmod(keys, 0o644)
  const readable = await shell.run('bob', ['who', 'alice'])
  await chmod(keys, 0o600)
  await rename(keys, `${keys}.real`)
  await symlink(`${keys}.real`, keys)
  const linked = await shell.run('bob', ['who', 'alice'])
  await rename(`${keys}.real`, keys)

  assert.deepEqual([readable.code, linked.code], [1, 1])
  assert.match(readable.stderr, /chmod 600/)
  assert.match(linked.stderr, /symbolic link/)
  assert.equal((await shell.run('bob', ['who', 'alice'])).code, 0)
})

test('no file of a profile shows a password, a message or a name in clear', async () => {
  const marker = 'PLAINTEXT-MARKER-7f3a'
  const name = 'bartholomew'
  assert.equal((await shell.run(name, ['signup', '--name', name])).code, 0)
  assert.equal((await shell.run('alice', ['send', name, marker])).code, 0)
  const folder = path.join(shell.home, 'files')
  const files = await readdir(folder, { recursive: true, withFileTypes: true })

  for (const file of files.filter((entry) => entry.isFile())) {
    const content = await readFile(path.join(file.parentPath, file.name), 'latin1')
    for (const secret of [marker, password])
      assert.ok(!content.includes(secret), `${file.name} shows ${secret}`)
    // Names of profiles are names of folders; who talks to whom is in no file.
    assert.ok(!content.includes(name), `${file.name} shows a name`)
  }
})

test('a password file that does not exist is a usage error, not a question', async () => {
  await writeFile(path.join(shell.home, 'empty'), '')

  for (const name of ['missing', 'empty']) {
    const { code } = await shell.run('alice', [
      'who',
      'bob',
      '--password-file',
      path.join(shell.home, name),
    ])
    assert.equal(code, 2, name)
  }
})

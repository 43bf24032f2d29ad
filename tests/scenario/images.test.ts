import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { prepareImage } from '../../client-cli/src/images/prepare-image.ts'
import {
  jpegWithSecrets,
  pngOf,
  pngWithSecrets,
  secretPlace,
} from '../../client-cli/src/images/testing/pictures.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { openShell, type Shell } from '../terminal/support/shell.ts'

// Pictures and files as people send them: real programs, real servers, files on a disk.
let cluster: Cluster
let shell: Shell
let pictures: string

before(async () => {
  cluster = await startCluster({ servers: 2 })
  shell = await openShell(cluster.url)
  pictures = path.join(shell.home, 'pictures')
  await mkdir(pictures)
  for (const name of ['alice', 'bob']) {
    const { code, stderr } = await shell.run(name, ['signup', '--name', name])
    assert.equal(code, 0, stderr)
  }
})

after(async () => {
  await shell?.[Symbol.asyncDispose]()
  await cluster?.close()
})

test('an image arrives byte for byte as it was encoded, without where it was taken', async () => {
  const photo = await picture('photo.jpg', await jpegWithSecrets({ orientation: 6, width: 300 }))
  const { file } = await prepareImage(photo)

  const arrived = await listening(1)
  const sent = await shell.run('alice', ['image', 'bob', photo, '--caption', 'Here.', '--json'])
  await arrived()
  const saved = await shell.run('bob', ['save', 'alice', '--json'], into('first'))

  assert.equal(sent.code, 0, sent.stderr)
  const answer = JSON.parse(sent.stdout)
  assert.equal(answer.state, 'stored')
  assert.deepEqual(answer.file, { name: 'photo.jpg', type: 'image/jpeg', size: file.data.length })
  assert.equal(saved.code, 0, saved.stderr)
  assert.deepEqual(await readdir(path.join(shell.home, 'first')), ['photo.jpg'])
  const bytes = await readFile(JSON.parse(saved.stdout).path)
  assert.equal(digest(bytes), digest(file.data))
  assert.ok(!bytes.includes('Exif') && !bytes.includes(secretPlace.slice(0, 8)))
})

test('who listens is told of the file, has it when listening ends, and the sender that it came', async () => {
  const map = await picture('map.png', await pngWithSecrets(200, 100))
  const arrived = await listening(1)

  const sent = await shell.run('alice', ['image', 'bob', map, '--wait', 'delivered'])
  const stdout = await arrived()

  assert.equal(sent.code, 0, sent.stderr)
  assert.match(sent.stderr, /map\.png: .*location and other details removed\n.*delivered/)
  const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const message = events.find(({ type }) => type === 'message')
  const { size, ...words } = message.file
  assert.deepEqual(words, { name: 'map.png', type: 'image/png', width: 200, height: 100 })
  assert.ok(
    events.some(({ type, state, id }) => type === 'file' && state === 'ready' && id === message.id),
  )
  const saved = await shell.run('bob', ['save', 'alice'], into('second'))
  assert.equal((await readFile(saved.stdout.trim())).length, size)
})

test('the commands of old work in a chat that is piped in', async () => {
  const map = await picture('my map.png', await pngWithSecrets(50, 50))

  const arrived = await listening(1)
  const chat = await shell.run('alice', ['chat'], { input: `/SENDIMG bob "${map}" look\n` })
  await arrived()
  const read = await shell.run('bob', ['chat'], {
    ...into('third'),
    input: '/open alice\n/save\n/history 1\n/save 99\n',
  })

  assert.equal(chat.code, 0, chat.stderr)
  assert.match(chat.stdout, /\[image my map\.png, \d+ (B|KB), 50 × 50\]/)
  assert.match(read.stdout, /look/)
  assert.deepEqual(await readdir(path.join(shell.home, 'third')), ['my map.png'])
})

test('names of others stay in the download folder, replace nothing and do not run', async () => {
  const hostile = ['-rf', 'evil.desktop', 'run.sh', 'photo\u202Egpj.exe', 'CON', 'x'.repeat(255)]
  const png = await pngWithSecrets(20, 20)
  const arrived = await listening(hostile.length)
  for (const name of hostile) {
    const file = await picture(name.slice(0, 250), png)
    const renamed = path.join(pictures, name)
    if (renamed !== file) await rename(file, renamed)
    const sent = await shell.run('alice', ['file', 'bob', renamed])
    assert.equal(sent.code, 0, sent.stderr)
  }
  await arrived()
  await mkdir(path.join(shell.home, 'fourth'))
  await writeFile(path.join(shell.home, 'fourth', 'run.png'), 'mine')

  for (const [index] of hostile.entries()) {
    const saved = await shell.run('bob', ['save', 'alice', String(index + 1)], into('fourth'))
    assert.equal(saved.code, 0, saved.stderr)
    assert.equal(digest(await readFile(saved.stdout.trim())), digest(png), 'byte for byte')
  }

  assert.deepEqual((await readdir(path.join(shell.home, 'fourth'))).toSorted(), [
    'CON_.png',
    'evil.png',
    'photogpj.png',
    'rf.png',
    'run (1).png',
    'run.png',
    `${'x'.repeat(196)}.png`,
  ])
  assert.equal(await readFile(path.join(shell.home, 'fourth', 'run.png'), 'utf8'), 'mine')
})

test('what cannot be sent is refused with 2 and the reason, before anything leaves', async () => {
  const bomb = await picture('bomb.png', pngOf({ width: 30_000, height: 30_000 }, Buffer.alloc(9)))
  const svg = await picture('drawing.svg', Buffer.from('<svg onload="alert(1)"/>'))
  const large = await picture('large.png', Buffer.alloc(10_485_761))
  const cases = [
    { words: ['image', 'bob', bomb], says: /30000 × 30000 pixels/ },
    { words: ['image', 'bob', svg], says: /not a picture that can be sent/ },
    { words: ['image', 'bob', large], says: /too large: 10\.5 MB\. Choose a file up to 10 MiB/ },
    { words: ['file', 'bob', large], says: /too large/ },
    { words: ['image', 'bob', path.join(pictures, 'nothing.png')], says: /There is no file/ },
  ]

  for (const { words, says } of cases) {
    const { code, stdout, stderr } = await shell.run('alice', words)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, says)
  }
})

test('a server finds in what it keeps no word of a picture', async () => {
  const logs = cluster.logs().join('\n')

  for (const word of ['photo.jpg', 'map.png', 'MARKER', 'Here.']) assert.ok(!logs.includes(word))
})

async function picture(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(pictures, name)
  await writeFile(file, bytes)
  return file
}

/** Bob waits for so many messages; resolves with what he was told once he has their files. */
async function listening(count: number): Promise<() => Promise<string>> {
  const listener = shell.start('bob', ['listen', '--json', '--count', String(count)])
  await listener.says(/"state":"connected"/)
  return async () => {
    const { code, stdout, stderr } = await listener.ended
    assert.equal(code, 0, stderr)
    return stdout
  }
}

/** Saves into a folder of the test's own. */
function into(folder: string) {
  return { env: { XDG_DOWNLOAD_DIR: path.join(shell.home, folder) } }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

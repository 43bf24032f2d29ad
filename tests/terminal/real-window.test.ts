// The full screen in a real terminal of real sizes, where tmux is there to be one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { signedUp } from '../support/people.ts'
import { hasTmux, openTmux, type Tmux } from './support/tmux.ts'

const options = { skip: hasTmux ? false : 'there is no tmux here' }
const throwsLater = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('SIGUSR2', () => { throw new Error('a fault of ours') })",
)}`

let cluster: Cluster

before(async () => {
  if (hasTmux) cluster = await startCluster({ servers: 1 })
})

after(async () => {
  await cluster?.close()
})

async function window(name: string, inject: Record<string, string> = {}): Promise<Tmux> {
  const tmux = await openTmux(name, { server: cluster.url, columns: 120, rows: 36, inject })
  await tmux.sees(/● connected/)
  return tmux
}

test('it fills windows of any size, and follows them', options, async () => {
  await using alice = await window('alice')
  const bob = await signedUp(cluster.url, 'bob')
  await bob.send('alice', { text: `a heart ❤️, a family 👨‍👩‍👧 and 日本語: ${'words '.repeat(30)}` })
  await alice.sees(/^ {3}bob +1 │/m)
  await alice.press('M-a')
  await alice.sees(/bob +a heart/)

  let typed = ''
  for (const [columns, rows] of [
    [80, 24],
    [50, 20],
    [40, 10],
    [120, 36],
  ] as const) {
    await alice.resize(columns, rows)
    typed += 'x'
    await alice.type('x')
    // From the first row to the last ones, and nothing below them.
    const last = rows < 12 ? '' : '\\n F1 help[^\\n]*'
    await alice.sees(new RegExp(`^[^\\n]*@alice[\\s\\S]*\\n bob › ${typed}${last}\\n*$`))

    const shown = await alice.rows()
    assert.equal(shown.length, rows, `${columns}x${rows}:\n${shown.join('\n')}`)
    const hasList = shown.some((row) => /^ ▸ bob .*│/.test(row))
    assert.equal(hasList, columns >= 60, `${columns}x${rows}`)
  }
  await bob.close()
})

test('a signal ends it, and the window is as it was before', options, async () => {
  await using tmux = await window('carol')
  assert.doesNotMatch((await tmux.rows()).join('\n'), /the shell was here/)

  process.kill(await tmux.pid(), 'SIGTERM')

  await tmux.sees(/the shell was here\n(.*\n)?ended with 130/)
})

test(
  'after a fault the window is as it was before, and says what went wrong',
  options,
  async () => {
    await using tmux = await window('dave', { NODE_OPTIONS: throwsLater })

    process.kill(await tmux.pid(), 'SIGUSR2')

    await tmux.sees(/the shell was here[\s\S]*Error: a fault of ours[\s\S]*ended with [1-9]/)
    await tmux.type('typed')
    await tmux.sees(/^typed/m)
  },
)

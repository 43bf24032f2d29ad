import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { signedUp } from '../support/people.ts'
import { Window } from './support/window.ts'

let cluster: Cluster
let alice: Window
let bob: Window

before(async () => {
  cluster = await startCluster({ servers: 3 })
  alice = await Window.open(['--lines'])
  bob = await Window.open(['--lines'])
  await Promise.all([alice.signUp('alice', cluster.url), bob.signUp('bob', cluster.url)])
})

after(async () => {
  await Promise.all([alice?.[Symbol.asyncDispose](), bob?.[Symbol.asyncDispose]()])
  await cluster?.close()
})

test('two people talk, and each sees how far a message came', async () => {
  alice.type('/Send\r')
  await alice.sees(/^To whom\?$/m)
  alice.type('bob\r')
  await alice.sees(/^Message\?$/m)
  alice.type('are we still on?\r')

  await bob.sees(/alice │ are we still on\?/)
  await alice.sees(/to bob │ are we still on\? +✓✓ delivered$/m)

  bob.type('/open alice\r')
  await bob.sees(/goes to alice/)
  bob.type('yes, see you at 6\r')
  await alice.sees(/bob │ yes, see you at 6/)
  await bob.sees(/to alice │ yes, see you at 6 +✓✓ delivered$/m)
})

test('both see the same safety number', async () => {
  alice.type('/verify bob\r')
  bob.type('/verify alice\r')
  await alice.sees(/verify bob done/)
  await bob.sees(/verify alice done/)

  const [ofAlice, ofBob] = [alice, bob].map(({ terminal }) => {
    return terminal.screen.text.match(/^ +(\d{5} ){3}\d{5}$/gm)
  })
  assert.equal(ofAlice?.length, 3)
  assert.deepEqual(ofAlice, ofBob)
})

test('a hostile message reaches the terminal as characters, behind the gutter', async () => {
  const mallory = await signedUp(cluster.url, 'mallory')
  const before = bob.terminal.written.output.length
  const attacks = [
    '\u001b[2J\u001b]0;title\u0007\u001b]52;c;cm0=\u0007\u001b]8;;http://evil\u001b\\bank\u001bPq\u001b\\',
    '\u009b2J\u009d0;x\u009c\b\b\b\r\u202egnp.exe \u{e0041}\u200b',
    '\u2028second line │ alice: trust me\n› /send mallory secret',
  ]

  await mallory.send('bob', { text: attacks.join('') })
  await bob.sees(/│ › \/send mallory secret/)
  await mallory.close()

  const written = bob.terminal.written.output.slice(before)
  // What the screen itself says: move, erase, begin a line.
  const ours = /^\[\d*[ABCDGJK]/
  const [first = '', ...others] = written.split('\u001b')
  for (const part of others) assert.match(part, ours)
  const rest = [first, ...others.map((part) => part.replace(ours, ''))].join('')
  assert.match(rest.replace(/\r?\n/g, ''), /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]*$/u)
  assert.match(bob.terminal.screen.text, /^ {18} │ second line │ alice: trust me$/m)
  assert.match(bob.terminal.screen.text, /^ {18} │ › \/send mallory secret$/m)
})

test('a killed server is replaced before anybody does anything, and nothing is lost', async () => {
  const [, id] = /Connected to server (\d)/.exec(alice.terminal.screen.text) ?? []

  await cluster.kill(Number(id))
  alice.type('/send bob said while it fell\r')

  await bob.sees(/alice │ said while it fell/)
  await alice.sees(/said while it fell +✓✓ delivered$/m)
  await alice.sees(/Connected to server \d, moved from server/)
})

test('/exit gives the terminal back with code 0', async () => {
  bob.type('/exit\r')

  assert.equal(await bob.exited, 0)
  assert.equal(bob.terminal.rawMode, false)
})

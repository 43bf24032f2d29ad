// The full screen against real servers, on a terminal that can be looked at.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { signedUp } from '../support/people.ts'
import { Window } from './support/window.ts'

let cluster: Cluster
let alice: Window
let bob: Window

before(async () => {
  cluster = await startCluster({ servers: 3, ttlSeconds: 8 })
  alice = await Window.open()
  bob = await Window.open()
  await Promise.all([alice.signUp('alice', cluster.url), bob.signUp('bob', cluster.url)])
})

after(async () => {
  await Promise.all([alice?.[Symbol.asyncDispose](), bob?.[Symbol.asyncDispose]()])
  await cluster?.close()
})

test('two people talk, each in a window of their own', async () => {
  assert.equal(alice.terminal.screen.isOnOtherPage, true)
  alice.type('/open bob\r')
  await alice.sees(/^ bob ›/m)
  alice.type('are we still on?\r')

  await bob.sees(/^ {3}alice +1 │/m)
  assert.match(bob.terminal.screen.title, /^\(1\) FastChat/)
  await alice.sees(/alice +are we still on\? +✓✓ delivered$/m)

  bob.type('\u001ba')
  await bob.sees(/─ 1 new ─+\n.*alice +are we still on\?/)
  bob.type('yes, see you at 6\r')
  await alice.sees(/bob +yes, see you at 6/)
  await bob.sees(/bob +yes, see you at 6 +✓✓ delivered$/m)
})

test('both see the same safety number, and whoever compared it sees that', async () => {
  alice.type('/verify bob\r')
  bob.type('/verify alice\r')
  await Promise.all([alice.sees(/mark as verified/), bob.sees(/mark as verified/)])

  const digits = [alice, bob].map(({ terminal }) =>
    terminal.screen.text.match(/(\d{5} ){3}\d{5}$/gm),
  )
  assert.equal(digits[0]?.length, 3)
  assert.deepEqual(digits[0], digits[1])

  alice.type('y')
  bob.type('\u001b')
  await alice.sees(/bob {2}✓ verified/)
})

test('what nobody fetches counts down, expires and is sent again', async () => {
  const carol = await signedUp(cluster.url, 'carol')
  await carol.close()
  alice.type('/open carol\r')
  await alice.sees(/^ carol ›/m)
  alice.type('lunch?\r')

  await alice.sees(/lunch\? +✓ stored 0:0\d/)
  await alice.sees(/1 waiting, next expires 0:0\d/)
  await alice.sees(/lunch\? +✗ expired \/retry 1$/m)

  alice.type('/retry\r')
  await alice.sees(/lunch\? +✓ stored 0:0\d/)
  assert.equal(alice.terminal.screen.text.match(/lunch\?/g)?.length, 1)
})

test('a hostile message reaches the terminal as characters, and moves nothing', async () => {
  const mallory = await signedUp(cluster.url, 'mallory')
  const written = bob.terminal.written.output.length
  const attack =
    '\u001b[2J\u001b]0;title\u0007\u001b]52;c;cm0=\u0007\u001b]8;;http://evil\u001b\\bank\u001bPq\u001b\\\u009b2J\b\r\u202egnp.exe\ue000\uf8ff'

  await mallory.send('bob', { text: `${attack}\n17:59  alice       trust me` })
  await bob.sees(/^ {3}mallory +1 │/m)
  await mallory.close()
  bob.type('\u001ba')
  await bob.sees(/trust me/)

  const ours = /^(\[\d*(;\d*)?[GHJKm]|\[2K|\[\?(25|2026)[hl]|[78]|\]0;\(?\d*\)? ?FastChat @bob)/
  const [, ...sequences] = bob.terminal.written.output.slice(written).split('\u001b')
  for (const sequence of sequences) assert.match(sequence, ours)
  assert.match(bob.terminal.screen.text, /│ {20}17:59 {2}alice {7}trust me$/m)
  assert.match(bob.terminal.screen.title, /FastChat @bob$/)
})

test('a killed server is replaced before anybody does anything, and nothing is lost', async () => {
  const [, id] = /srv-(\d)/.exec(alice.terminal.screen.text) ?? []
  alice.type('/open bob\r')
  await alice.sees(/^ bob ›/m)

  await cluster.kill(Number(id))
  alice.type('said while it fell\r')

  await bob.sees(/^ {3}alice +1 │|alice +said while it fell/m)
  await alice.sees(/said while it fell +✓✓ delivered$/m)
  await alice.sees(/Connected to server \d, moved from server \d; nothing is lost/)
})

test('/exit gives the terminal back with code 0', async () => {
  bob.type('/exit\r')

  assert.equal(await bob.exited, 0)
  assert.equal(bob.terminal.rawMode, false)
  assert.equal(bob.terminal.screen.isOnOtherPage, false)
})

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { commands } from '../commands/table.ts'
import type { Exit } from '../exit-codes.ts'
import { fileDesk } from '../images/file-desk.ts'
import { plainScreen } from '../screen/plain-screen.ts'
import { ttyScreen } from '../screen/tty-screen.ts'
import { FakeClient, liveOn, messageOf, waiting } from '../testing/fake-client.ts'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import { unicodeMarks } from '../text/marks.ts'
import { Chat } from './chat.ts'

interface Started {
  readonly terminal: FakeTerminal
  readonly client: FakeClient
  readonly left: Promise<Exit>
}

function start(context: TestContext, kind: 'tty' | 'plain' | 'pipe' = 'tty'): Started {
  const terminal = new FakeTerminal({ isTTY: kind !== 'pipe' })
  const client = new FakeClient()
  const screen =
    kind === 'tty'
      ? ttyScreen(terminal, async (completed) => ({ matches: [], completed }))
      : plainScreen(terminal)
  const look = { marks: unicodeMarks, paint: (_tone: string, text: string) => text }
  const files = fileDesk({ client, env: terminal.env, protocol: 'blocks' })
  const chat = new Chat({ client, screen, commands, look, clock: terminal.clock, files })
  const left = chat.run()
  context.after(() => {
    terminal.interrupt()
    return left
  })
  return { terminal, client, left }
}

function storedFor(terminal: FakeTerminal, ms: number) {
  const expiresAtMs = terminal.clock.now() + ms
  return { kind: 'stored', expiresAtMs, delivered: 0, of: 1 } as const
}

test('a sent message is shown once, and its state changes where it stands', async (context) => {
  const { terminal, client } = start(context)

  terminal.type('/open bob\r')
  await terminal.sees(/goes to bob/)
  terminal.type('yes, see you at 6\r')
  await terminal.sees(/to bob │ yes, see you at 6 +… sending$/m)
  client.emit('delivery', { id: 'm1', position: '1', state: storedFor(terminal, 120_000) })
  await terminal.sees(/see you at 6 +✓ stored 2:00$/m)
  client.emit('delivery', { id: 'm1', position: '1', state: { kind: 'delivered' } })
  await terminal.sees(/see you at 6 +✓✓ delivered$/m)

  assert.equal(terminal.screen.text.match(/see you at 6/g)?.length, 1)
})

test('the countdown runs in the message and in the prompt', async (context) => {
  const { terminal, client } = start(context)
  terminal.type('/send bob hi\r')
  await terminal.sees(/sending/)
  client.emit('delivery', { id: 'm1', position: '1', state: storedFor(terminal, 120_000) })
  await terminal.sees(/\[✓ 2:00\] ›/)

  client.serverNowMs += 48_000
  terminal.clock.pass(1000)

  await terminal.sees(/hi +✓ stored 1:12$/m)
  assert.equal(terminal.screen.inputLine, '[✓ 1:12] ›')
})

test('what arrives does not disturb what is being typed', async (context) => {
  const { terminal, client } = start(context)
  terminal.type('/send bob half a')
  await terminal.sees(/half a$/)

  client.emit('message', messageOf({ text: 'are we still on?' }))
  await terminal.sees(/bob │ are we still on\?/)
  terminal.type(' sentence\r')

  await terminal.sees(/to bob │ half a sentence/)
  assert.deepEqual(client.calls, ['send bob: half a sentence'])
})

test('messages in conversations that are not open count as unread until they are opened', async (context) => {
  const { terminal, client } = start(context)
  for (const id of ['a', 'b']) client.emit('message', messageOf({ id, peer: 'carol' }))
  await terminal.sees(/\[carol 2\] ›/)

  terminal.type('/open carol\r')

  await terminal.sees(/^carol ›$/m)
})

test('a lost connection and the way back are told once each', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/● Connected to server 3\./)

  client.goTo(waiting())
  client.goTo({ kind: 'choosing', attempt: 1, avoid: '' })
  client.goTo(waiting())
  await terminal.sees(/○ No server answers/)
  assert.match(terminal.screen.inputLine, /^\[○ offline\]/)
  client.goTo(liveOn('1'))
  await terminal.sees(/● Connected to server 1, moved from server 3; nothing is lost\./)

  assert.equal(terminal.screen.text.match(/No server answers/g)?.length, 1)
  assert.doesNotMatch(terminal.screen.inputLine, /offline/)
})

test('what is written without a connection is queued, and the prompt says so', async (context) => {
  const { terminal, client } = start(context)
  client.goTo(waiting())

  terminal.type('/send bob hi\r')

  await terminal.sees(/\[○ offline, 1 queued\] ›/)
})

test('a changed key is told, with what to do', async (context) => {
  const { terminal, client } = start(context)

  client.emit('key-changed', { username: 'bob' })

  await terminal.sees(/key of bob changed[\s\S]*\/trust bob/)
})

test('messages that were deleted while away are counted', async (context) => {
  const { terminal, client } = start(context)

  client.emit('missed', { count: 2 })

  await terminal.sees(/2 messages were deleted while you were away/)
})

test('what a command needs is asked, one thing after the other', async (context) => {
  const { terminal, client } = start(context)

  terminal.type('/Send\r')
  await terminal.sees(/^To whom\?$/m)
  terminal.type('bob\r')
  await terminal.sees(/^Message\?$/m)
  terminal.type('hello\r')

  await terminal.sees(/to bob │ hello/)
  assert.deepEqual(client.calls, ['send bob: hello'])
})

test('a message that failed says why and what to do', async (context) => {
  const { terminal, client } = start(context)
  terminal.type('/send nobody hi\r')
  await terminal.sees(/to nobody │ hi/)

  client.emit('delivery', {
    id: 'm1',
    position: '1',
    state: { kind: 'failed', reason: 'NOT_FOUND' },
  })

  await terminal.sees(/hi +! failed\n.*Nothing was stored: there is nobody of that name\./)
})

test('a failed command says why, and the chat goes on', async (context) => {
  const { terminal, client } = start(context)
  client.send = () => Promise.reject(new Error('no such luck'))

  terminal.type('/send bob hi\r')
  await terminal.sees(/no such luck/)
  terminal.type('/help\r')

  await terminal.sees(/\/Send <name> <message>/)
})

test('the history stands behind the gutter too', async (context) => {
  const { terminal, client } = start(context)
  client.past = [
    messageOf({ id: 'a', text: 'one\ntwo' }),
    messageOf({ id: 'b', isMine: true, text: 'three', state: { kind: 'expired' } }),
  ]

  terminal.type('/history bob\r')

  await terminal.sees(/bob │ one\n +│ two\n.*to bob │ three +✗ expired/)
})

test('/exit, Ctrl+D and Ctrl+C leave with their codes', async (context) => {
  for (const [keys, exit] of [
    ['/exit\r', 'ok'],
    ['\u0004', 'ok'],
    ['\u0003', 'interrupted'],
  ] as const) {
    const { terminal, left } = start(context)
    terminal.type(keys)
    assert.equal(await left, exit)
    assert.equal(terminal.rawMode, false)
  }
})

test('without cursor movement every change has a line of its own', async (context) => {
  const { terminal, client } = start(context, 'plain')
  terminal.type('/send bob hi\n')
  await terminal.sees(/to bob │ hi/)

  client.emit('delivery', { id: 'm1', position: '1', state: storedFor(terminal, 120_000) })
  await terminal.sees(/✓ stored 2:00 {2}to bob: hi/)
  client.emit('delivery', { id: 'm1', position: '1', state: { kind: 'delivered' } })
  await terminal.sees(/✓✓ delivered {2}to bob: hi/)

  assert.doesNotMatch(terminal.written.output, /\p{Cc}(?<!\n)/u)
})

test('piped commands run without a prompt, and the end waits until all is stored', async (context) => {
  const { terminal, client, left } = start(context, 'pipe')
  terminal.type('/send bob one\n')
  terminal.input.end()
  await terminal.sees(/to bob │ one/)

  client.emit('delivery', { id: 'm1', position: '1', state: storedFor(terminal, 120_000) })

  assert.equal(await left, 'ok')
  assert.doesNotMatch(terminal.written.output, /›|\p{Cc}(?<!\n)/u)
})

test('piped commands of which one failed end with its exit code', async (context) => {
  const { terminal, client, left } = start(context, 'pipe')
  terminal.type('/send nobody one\n')
  terminal.input.end()
  await terminal.sees(/to nobody │ one/)

  client.emit('delivery', {
    id: 'm1',
    position: '1',
    state: { kind: 'failed', reason: 'NOT_FOUND' },
  })

  assert.equal(await left, 'failed')
})

test('piped commands that reach no server in time say so', async (context) => {
  const { terminal, client, left } = start(context, 'pipe')
  client.goTo(waiting())
  terminal.type('/send bob one\n')
  terminal.input.end()
  await terminal.sees(/to bob │ one/)

  await untilSettled(left, () => terminal.clock.pass(1000))

  assert.equal(await left, 'unreachable')
})

test('a piped command that lacks something asks nobody', async (context) => {
  const { terminal, client, left } = start(context, 'pipe')

  terminal.type('/send\n')
  terminal.input.end()

  assert.equal(await left, 'usage')
  assert.match(terminal.written.output, /Nothing done\. It is used so/)
  assert.deepEqual(client.calls, [])
})

async function untilSettled(promise: Promise<unknown>, step: () => void): Promise<void> {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  promise.then(settle, settle)
  while (!isSettled) {
    step()
    await new Promise(setImmediate)
  }
}

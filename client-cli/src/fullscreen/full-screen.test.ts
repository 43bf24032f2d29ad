import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type EarlyEvent, keepEarlyEvents } from '../chat/early-events.ts'
import { commands } from '../commands/table.ts'
import { pngWithSecrets } from '../images/testing/pictures.ts'
import { settingsFrom } from '../settings.ts'
import { FakeClient, fileOf, liveOn, messageOf, waiting } from '../testing/fake-client.ts'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import { FullScreen } from './full-screen.ts'

interface Shown {
  readonly terminal: FakeTerminal
  readonly client: FakeClient
  readonly left: Promise<string>
}

interface Told {
  readonly client?: FakeClient
  readonly early?: readonly EarlyEvent[]
}

function start(
  context: TestContext,
  given: ConstructorParameters<typeof FakeTerminal>[0] = {},
  { client = new FakeClient(), early = [] }: Told = {},
): Shown {
  const env = { NO_COLOR: '1', FASTCHAT_HOME: '/nowhere' }
  const terminal = new FakeTerminal({ columns: 100, rows: 24, env, ...given })
  const options = { json: false, ascii: false, plain: false, lines: false, color: true }
  const settings = settingsFrom(options, terminal)
  const left = new FullScreen({ client, terminal, commands, settings }).run(early)
  context.after(async () => {
    terminal.interrupt()
    await left
  })
  return { terminal, client, left }
}

test('the newest conversation is open, and what is typed goes there', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)
  await terminal.sees(/^ carol ›/m)

  terminal.type('hello there\r')

  await terminal.sees(/alice +hello there/)
  assert.deepEqual(client.calls, ['send carol: hello there'])
})

test('a message that waits counts down where it stands, in the list and at the top', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)
  terminal.type('are you there?\r')
  await terminal.sees(/are you there\?/)

  const expiresAtMs = client.serverNowMs + 72_000
  const state = { kind: 'stored', expiresAtMs, delivered: 0, of: 1 } as const
  client.emit('delivery', { id: 'm1', state, position: '1' })

  await terminal.sees(/are you there\? +✓ stored 1:12 ◑$/m)
  await terminal.sees(/▸ carol +1:12 ◑ │/)
  await terminal.sees(/1 waiting, next expires 1:12/)

  client.serverNowMs += 1000
  terminal.clock.pass(1000)
  await terminal.sees(/✓ stored 1:11 ◑$/m)

  client.emit('delivery', { id: 'm1', state: { kind: 'delivered' }, position: '1' })
  await terminal.sees(/are you there\? +✓✓ delivered$/m)
  assert.doesNotMatch(terminal.screen.text, /waiting/)
})

test('an expired message has a number, and is sent again by it', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)
  terminal.type('lunch?\r')
  await terminal.sees(/lunch\?/)
  client.emit('delivery', { id: 'm1', state: { kind: 'expired' }, position: '1' })
  await terminal.sees(/lunch\? +✗ expired \/retry 1$/m)

  terminal.type('/retry 1\r')

  await terminal.sees(/… sending$/m)
  assert.equal(client.calls.at(-1), 'again m1')
  assert.equal(terminal.screen.text.match(/lunch\?/g)?.length, 1)
})

test('what comes elsewhere is counted, rings once, and begins with a line when it is opened', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)

  for (const [id, text] of [
    ['x1', 'are we still on?'],
    ['x2', 'hello?'],
  ] as const) {
    client.emit('message', messageOf({ id, text }))
  }

  await terminal.sees(/^ {3}bob +2 │/m)
  assert.equal(terminal.screen.bells, 1)
  assert.equal(terminal.screen.title, '(2) FastChat @alice')
  terminal.type('\u001ba')
  await terminal.sees(/▸ bob/)
  await terminal.sees(/─ 2 new ─+\n.*bob +are we still on\?\n.*bob +hello\?/)
  assert.equal(terminal.screen.title, 'FastChat @alice')
})

test('a paste is never sent by itself, however many lines it has', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.type('\u001b[200~one\r\ntwo\u001b[31m\n/exit\r\u001b[201~')
  await terminal.sees(/^ {9}\/exit/m)
  assert.deepEqual(client.calls, [])

  terminal.type('\r')
  await terminal.sees(/alice +one/)
  assert.deepEqual(client.calls, ['send carol: one\ntwo[31m\n/exit\n'])
})

test('Tab completes the command first, and then what it is about', async (context) => {
  const { terminal } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.type('/ver')
  await terminal.sees(/\/verify <name> \[done\] +Show the safety number/)
  terminal.type('\t')
  await terminal.sees(/› \/verify$/m)
  terminal.type('b\t')
  await terminal.sees(/› \/verify bob$/m)
})

test('the switcher finds a conversation by some of its letters', async (context) => {
  const { terminal } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.type('\u000b')
  await terminal.sees(/Jump to:/)
  terminal.type('bb')
  await terminal.sees(/▸ bob/)
  terminal.type('\r')

  await terminal.sees(/^ bob ›/m)
})

test('a command asks for what it needs, and Escape answers nothing', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.type('/send\r')
  await terminal.sees(/^ To whom\?/m)
  terminal.type('bob\r')
  await terminal.sees(/^ Message\?/m)
  terminal.type('\u001b')

  await terminal.sees(/Nothing done\. It is used so: \/Send <name> <message>/)
  assert.deepEqual(client.calls, [])
})

test('the safety number stands beside its code, and "y" marks the person as verified', async (context) => {
  const { terminal, client } = start(context, { columns: 80, rows: 24 })
  await terminal.sees(/▸ carol/)

  terminal.type('/verify bob\r')
  await terminal.sees(/10000 10001 10002 10003/)
  await terminal.sees(/█▀▀▀▀▀█|▄▄▄▄▄/)
  terminal.type('y')

  await terminal.sees(/bob is verified/)
  assert.deepEqual(client.calls, ['verify bob'])
})

test('a changed key is said in the conversation it is about, with what to do', async (context) => {
  const { terminal, client } = start(context, { columns: 120 })
  await terminal.sees(/▸ carol/)

  client.emit('key-changed', { username: 'bob' })
  terminal.type('\u001b3')

  await terminal.sees(/The key of bob changed\. Nothing is sent to bob until you decide/)
  await terminal.sees(/then: \/trust bob/)
})

test('the header says where one is, and that no server answers', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/srv-3 .*● connected/)

  client.goTo(waiting())
  await terminal.sees(/○ offline/)

  client.goTo(liveOn('4'))
  await terminal.sees(/srv-4 .*● connected/)
  await terminal.sees(/Connected to server 4, moved from server 3; nothing is lost/)
})

test('no row is too many, and none too long, in a window of any size', async (context) => {
  for (const [columns, rows] of [
    [120, 36],
    [60, 12],
    [50, 20],
    [40, 10],
    [24, 6],
    [10, 3],
  ] as const) {
    const { terminal, client } = start(context, { columns, rows })
    client.emit('message', messageOf({ text: 'wörter 日本語 👨‍👩‍👧 '.repeat(40) }))
    terminal.type(`${'long text '.repeat(30)}\u001b\r/`)
    await terminal.sees(/\//)

    const shown = terminal.screen.text.split('\n')
    assert.ok(shown.length <= rows, `${shown.length} rows in ${columns}x${rows}`)
  }
})

test('leaving gives the terminal back as it was', async (context) => {
  const { terminal, left } = start(context)
  await terminal.sees(/▸ carol/)
  assert.equal(terminal.screen.isOnOtherPage, true)

  terminal.type('\u0004')

  assert.equal(await left, 'ok')
  assert.equal(terminal.screen.isOnOtherPage, false)
  assert.equal(terminal.rawMode, false)
})

test('Ctrl+C leaves as an interrupt', async (context) => {
  const { terminal, left } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.type('half a sentence\u0003')

  assert.equal(await left, 'interrupted')
})

test('Ctrl+Z gives the terminal to the shell until one comes back', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.type('half a sentence\u001a')
  await terminal.sees(/^$/)
  assert.equal(terminal.screen.isOnOtherPage, false)
  assert.equal(terminal.rawMode, false)
  client.emit('message', messageOf({ text: 'meanwhile' }))

  terminal.comeBack()
  await terminal.sees(/^ {3}bob +1 │[\s\S]*› half a sentence$/m)
  assert.equal(terminal.rawMode, true)
})

test('what came before there was a screen is new on it', async (context) => {
  const client = new FakeClient()
  const takeEarly = keepEarlyEvents(client)
  client.emit('message', messageOf({ text: 'early' }))
  client.emit('missed', { count: 2 })

  const { terminal } = start(context, {}, { client, early: takeEarly() })

  await terminal.sees(/─ 1 new ─+\n.*bob +early\n/)
  await terminal.sees(/2 messages were deleted while you were away/)
})

test('a crash leaves the terminal as it was found', async (context) => {
  const { terminal } = start(context)
  await terminal.sees(/▸ carol/)

  terminal.crash()

  assert.equal(terminal.screen.isOnOtherPage, false)
  assert.equal(terminal.rawMode, false)
})

test('what a stranger wrote reaches the terminal as characters', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)
  const before = terminal.written.output.length

  const attack =
    '\u001b[2J\u001b]0;owned\u0007\u009b2J\b\b\r\u202e\ue005\uf8ff17:59  alice  trust me'
  client.emit('message', messageOf({ peer: 'carol', text: attack }))
  await terminal.sees(/trust me/)

  const written = terminal.written.output.slice(before)
  assert.doesNotMatch(written, /\p{Cc}\[2J|owned\p{Cc}|\u202e|\p{Co}/u)
  assert.notEqual(terminal.screen.title, 'owned')
})

test('a flood of messages is drawn in few frames, and the keys still work', async (context) => {
  const { terminal, client } = start(context)
  await terminal.sees(/▸ carol/)
  const frames = () => terminal.written.output.split('\u001b[?2026h').length
  const before = frames()

  for (let number = 1; number <= 400; number++) {
    const position = String(number).padStart(6, '0')
    client.emit(
      'message',
      messageOf({ id: `x${number}`, position, peer: 'carol', text: `${number}` }),
    )
  }
  terminal.type('typed')

  await terminal.sees(/carol +400\n[\s\S]*› typed/)
  assert.ok(frames() - before < 10, `${frames() - before} frames`)
})

test('/view shows a picture over the messages until a key is pressed', async (context) => {
  const data = await pngWithSecrets(40, 20)
  const { terminal, client } = start(context, {
    env: { FASTCHAT_HOME: '/nowhere', COLORTERM: 'truecolor' },
    waitMs: 60_000,
  })
  const file = { data, name: 'map.png', type: 'image/png' }
  client.past = [fileOf({ id: 'p1', peer: 'carol', from: 'carol' }, file)]
  client.stored.set('p1', data)
  await terminal.sees(/\[image map\.png, /)

  terminal.type('/view\r')
  await terminal.sees(/^ map\.png\n ▀{40}/m)
  terminal.type('q')

  await terminal.sees(/carol +\[image map\.png/)
})

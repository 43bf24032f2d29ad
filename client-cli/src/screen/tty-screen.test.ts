import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import type { Screen } from './screen.ts'
import { ttyScreen } from './tty-screen.ts'

function start(
  context: TestContext,
  options: { readonly columns?: number; readonly rows?: number } = {},
): { readonly terminal: FakeTerminal; readonly screen: Screen } {
  const terminal = new FakeTerminal(options)
  const screen = ttyScreen(terminal, async (line) => ({
    matches: ['/send', '/servers'].filter((name) => name.startsWith(line)),
    completed: line,
  }))
  context.after(() => screen.close())
  screen.setPrompt('> ')
  return { terminal, screen }
}

test('what arrives while a line is typed stands above it, and the line stays', async (context) => {
  const { terminal, screen } = start(context)
  terminal.type('half a sent')
  await terminal.sees(/> half a sent$/)

  screen.print({ lines: ['bob: hello'] })
  terminal.type('ence')

  await terminal.sees(/^bob: hello\n> half a sentence$/)
})

test('a typed line of several rows survives what arrives', async (context) => {
  const { terminal, screen } = start(context, { columns: 40 })
  const long = 'a long line that needs more rows than one, which happens'
  terminal.type(long)
  await terminal.sees(/which happens$/)

  screen.print({ lines: ['one'] })
  screen.print({ lines: ['two'] })

  const shown = terminal.screen.text.split('\n')
  assert.deepEqual(shown.slice(0, 3), ['one', 'two', '> a long line that needs more rows than'])
  assert.equal(shown[3]?.trim(), 'one, which happens')
})

test('Enter hands over the line and takes it off the screen', async (context) => {
  const { terminal, screen } = start(context)

  terminal.type('hello\r')

  assert.deepEqual(await screen.read(), { kind: 'line', text: 'hello' })
  assert.equal(terminal.screen.text, '>')
})

test('a printed block changes where it stands', async (context) => {
  const { terminal, screen } = start(context)
  screen.print({ id: 'a', lines: ['hello …'] })
  screen.print({ lines: ['bob: hi'] })
  terminal.type('next')
  await terminal.sees(/next$/)

  assert.equal(screen.update({ id: 'a', lines: ['hello ✓✓'] }), true)
  terminal.type('!')

  await terminal.sees(/^hello ✓✓\nbob: hi\n> next!$/)
})

test('a block that left the window is not touched', (context) => {
  const { terminal, screen } = start(context, { rows: 5 })
  screen.print({ id: 'a', lines: ['hello …'] })
  for (const line of ['1', '2', '3', '4']) screen.print({ lines: [line] })
  const before = terminal.screen.text

  assert.equal(screen.update({ id: 'a', lines: ['hello ✓✓'] }), false)
  assert.equal(terminal.screen.text, before)
})

test('after the window changed its size nothing above is touched', (context) => {
  const { terminal, screen } = start(context)
  screen.print({ id: 'a', lines: ['hello …'] })

  terminal.output.emit('resize')

  assert.equal(screen.update({ id: 'a', lines: ['hello ✓✓'] }), false)
})

test('a pasted text of several lines waits for Enter', async (context) => {
  const { terminal, screen } = start(context)

  terminal.type('\u001b[200~one\r\ntwo\u001b[2K\nthree\u001b[201~')
  await terminal.sees(/> one⏎two\[2K⏎three$/)
  terminal.type('\r')

  assert.deepEqual(await screen.read(), { kind: 'line', text: 'one\ntwo[2K\nthree' })
})

test('Alt+Enter makes a line break inside a message', async (context) => {
  const { terminal, screen } = start(context)

  terminal.type('one\u001b\rtwo\r')

  assert.deepEqual(await screen.read(), { kind: 'line', text: 'one\ntwo' })
})

test('an answer to a question is no line, and the arrow up does not bring it back', async (context) => {
  const { terminal, screen } = start(context)

  const answer = screen.ask('To whom? ')
  terminal.type('bob\r')
  assert.deepEqual(await answer, { kind: 'line', text: 'bob' })
  terminal.type('\u001b[A')
  terminal.type('x\r')

  assert.deepEqual(await screen.read(), { kind: 'line', text: 'x' })
  assert.match(terminal.screen.text, /^To whom\? bob\n>/)
})

test('Tab completes, and a second Tab lists what there is', async (context) => {
  const { terminal } = start(context)

  terminal.type('/s\t')
  await terminal.sees(/> \/se$/)
  terminal.type('\t\t')

  await terminal.sees(/\/send +\/servers/)
})

test('Ctrl+C interrupts and Ctrl+D ends', async (context) => {
  const first = start(context)
  first.terminal.type('\u0003')
  assert.deepEqual(await first.screen.read(), { kind: 'interrupt' })

  const second = start(context)
  second.terminal.type('\u0004')
  assert.deepEqual(await second.screen.read(), { kind: 'end' })
})

test('closing gives the terminal back: no raw mode, no marked pastes, a clean line', (context) => {
  const { terminal, screen } = start(context)
  assert.equal(terminal.rawMode, true)
  terminal.type('half')

  screen.close()

  assert.equal(terminal.rawMode, false)
  assert.ok(terminal.written.output.endsWith('\u001b[?2004l'))
  assert.equal(terminal.screen.inputLine, '')
})

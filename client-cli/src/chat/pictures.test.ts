import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { FileMessage } from '../client.ts'
import { commands } from '../commands/table.ts'
import { Failure } from '../failure.ts'
import type { FileDesk } from '../images/file-desk.ts'
import { plainScreen } from '../screen/plain-screen.ts'
import { ttyScreen } from '../screen/tty-screen.ts'
import { FakeClient, fileOf } from '../testing/fake-client.ts'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import { unicodeMarks } from '../text/marks.ts'
import { Chat } from './chat.ts'

const data = new Uint8Array(4200)
const map = fileOf({ id: 'm1', peer: 'bob' }, { data, name: 'map.png', type: 'image/png' })

function start(context: TestContext, kind: 'tty' | 'pipe', rows: readonly string[] = ['▀▀', '▄▄']) {
  const terminal = new FakeTerminal({ isTTY: kind === 'tty' })
  const client = new FakeClient()
  const asked: string[] = []
  const files: FileDesk = {
    send: async ({ to, path, as }) => ({
      message: fileOf({ isMine: true, peer: to }, { data, name: path, type: as }),
      note: '4 KB, location removed',
    }),
    save: async () => '/home/alice/Downloads/map.png',
    picture: async ({ file }) => {
      asked.push(file.name)
      if (rows.length === 0) throw new Failure('failed', 'The picture cannot be read.')
      return rows
    },
  }
  const screen =
    kind === 'tty'
      ? ttyScreen(terminal, async (completed) => ({ matches: [], completed }))
      : plainScreen(terminal)
  const look = { marks: unicodeMarks, paint: (_tone: string, text: string) => text }
  const left = new Chat({ client, screen, commands, look, clock: terminal.clock, files }).run()
  context.after(() => {
    terminal.interrupt()
    return left
  })
  return { terminal, client, asked }
}

test('an image that came is shown where it came, with what can be done with it', async (context) => {
  const { terminal, client } = start(context, 'tty')
  await terminal.sees(/You are alice/)

  client.emit('message', inState('waiting'))
  client.emit('file', inState('downloading'))
  client.emit('file', map)

  await terminal.sees(
    /\[image map\.png, 4 KB\]\n(?:.*\n)* {2}▀▀\n {2}▄▄\n.*map\.png is here\. \/save/,
  )
})

test('a pipe gets words and no picture', async (context) => {
  const { terminal, client, asked } = start(context, 'pipe')
  await terminal.sees(/connected/i)

  client.emit('message', inState('waiting'))
  client.emit('file', map)

  await terminal.sees(/map\.png is here/)
  assert.deepEqual(asked, [])
})

test('a picture that nobody can read is told of by its name only', async (context) => {
  const { terminal, client } = start(context, 'tty', [])
  await terminal.sees(/You are alice/)

  client.emit('file', map)
  await terminal.sees(/map\.png is here/)
  assert.doesNotMatch(terminal.screen.text, /cannot be read/)

  client.past = [map]
  terminal.type('/view bob\r')
  await terminal.sees(/The picture cannot be read/)
})

test('a file that expired or was damaged is told of, under a name that cannot disturb', async (context) => {
  const { terminal, client } = start(context, 'tty')
  await terminal.sees(/You are alice/)
  const hostile = { ...map, file: { ...map.file, name: '\u001b[2Jx\u202Egnp.exe' } }

  client.emit('file', { ...hostile, file: { ...hostile.file, state: 'expired' } })
  client.emit('file', inState('damaged'))

  await terminal.sees(/x.*expired before it could be fetched/)
  await terminal.sees(/map\.png is not what was sent, and was not kept/)
  assert.ok(
    !terminal.written.output.includes('\u202E') && !terminal.written.output.includes('\u001b[2Jx'),
  )
})

test('/image shows what was sent and what was done to it', async (context) => {
  const { terminal } = start(context, 'tty')
  await terminal.sees(/You are alice/)

  terminal.type('/open bob\r')
  await terminal.sees(/goes to bob/)
  terminal.type('/image map.png\r')

  await terminal.sees(/to bob.*\[file map\.png, 4 KB\]/)
  await terminal.sees(/4 KB, location removed/)
})

function inState(state: FileMessage['file']['state']): FileMessage {
  return { ...map, file: { ...map.file, state } }
}

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { describeFailure } from '../../describe-failure.ts'
import { fileDesk } from '../../images/file-desk.ts'
import { pngWithSecrets } from '../../images/testing/pictures.ts'
import { FakeClient, fileOf } from '../../testing/fake-client.ts'
import type { CommandContext } from '../command.ts'
import { complete } from '../complete.ts'
import { runLine } from '../run-line.ts'
import { commands } from '../table.ts'

async function start() {
  const home = await mkdtemp(path.join(os.tmpdir(), 'fastchat-files-'))
  const downloads = path.join(home, 'Downloads')
  const client = new FakeClient()
  const files = fileDesk({ client, env: { HOME: home }, protocol: 'blocks' })
  return {
    home,
    client,
    saved: () => readdir(downloads).catch(() => []),
    async type(line: string, { open = 'bob', answers = [] as readonly string[] } = {}) {
      const left = [...answers]
      const asked: string[] = []
      const place = open === '' ? undefined : { to: open, title: open }
      const context: CommandContext = { client, commands, files, open: place, nowMs: 0 }
      const ask = async (question: string) => {
        asked.push(question.trim())
        return left.shift()
      }
      const outcome = await runLine(line, context, ask).catch((error: unknown) => ({
        kind: 'refused' as const,
        lines: [describeFailure(error).message],
      }))
      return { outcome, asked, lines: 'lines' in outcome ? outcome.lines : [] }
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  }
}

test('/Sendimg alone asks to whom and which, as it always did', async () => {
  await using chat = await start()
  const file = path.join(chat.home, 'my map.png')
  await writeFile(file, await pngWithSecrets())

  const { outcome, asked } = await chat.type('/SENDIMG', { answers: ['carol', file] })

  assert.deepEqual(asked, ['To whom?', 'Which image?'])
  assert.deepEqual(chat.client.calls, ['file carol: my map.png image/png'])
  assert.ok(outcome.kind === 'sent' && outcome.to === 'carol')
  assert.match(outcome.note, /location and other details removed/)
})

test('/image goes to the open conversation, with the rest of the line as its caption', async () => {
  await using chat = await start()
  const file = path.join(chat.home, 'my map.png')
  await writeFile(file, await pngWithSecrets())

  const { outcome } = await chat.type(`/image "${file}" the corner  I meant`)

  assert.ok(outcome.kind === 'sent' && outcome.message.kind === 'file')
  assert.equal(outcome.message.file.caption, 'the corner  I meant')
  assert.match((await chat.type(`/image ${file}`, { open: '' })).lines[0] ?? '', /No conversation/)
})

test('what is no picture is refused by /image, and sent as it is by /file', async () => {
  await using chat = await start()
  const file = path.join(chat.home, 'notes.txt')
  await writeFile(file, 'hello')

  assert.match((await chat.type(`/image ${file}`)).lines[0] ?? '', /Send it as it is with: \/file/)
  const { outcome } = await chat.type(`/file ${file}`)

  assert.ok(outcome.kind === 'sent' && outcome.note === '5 B, as it is')
  assert.deepEqual(chat.client.calls, ['file bob: notes.txt text/plain'])
})

test('/save writes the newest file, or one further back, and never under a hostile name', async () => {
  await using chat = await start()
  const png = await pngWithSecrets()
  const received = (id: string, name: string) =>
    fileOf({ id, peer: 'bob' }, { data: png, name, type: 'text/html' })
  chat.client.past = [received('m1', 'old.png'), received('m2', '../../.bashrc')]
  for (const id of ['m1', 'm2']) chat.client.stored.set(id, png)

  assert.deepEqual((await chat.type('/save')).lines, [
    `Saved as ${path.join(chat.home, 'Downloads', 'bashrc.png')}`,
  ])
  await chat.type('/save 2')
  await chat.type('/save bob 2', { open: 'carol' })

  assert.deepEqual((await chat.saved()).toSorted(), ['bashrc.png', 'old (1).png', 'old.png'])
  assert.match((await chat.type('/save 3')).lines[0] ?? '', /only 2 of them/)
  assert.match((await chat.type('/save carol')).lines[0] ?? '', /There is no file/)
  assert.match((await chat.type('/save bob many')).lines[0] ?? '', /1 is the newest/)
})

test('a file that was damaged or has expired is not saved, and the reason is said', async () => {
  await using chat = await start()
  const lost = fileOf({ id: 'm1' }, { data: new Uint8Array(3), name: 'a.png', type: 'image/png' })
  chat.client.past = [{ ...lost, file: { ...lost.file, state: 'damaged' } }]

  const { lines } = await chat.type('/save')

  assert.deepEqual(lines, ['The file is not here yet.'])
  assert.deepEqual(await chat.saved(), [])
})

test('a file that is still coming is saved once it is here', async () => {
  await using chat = await start()
  const png = await pngWithSecrets()
  const coming = fileOf({ id: 'm1' }, { data: png, name: 'a.png', type: 'image/png' })
  chat.client.past = [{ ...coming, file: { ...coming.file, state: 'downloading' } }]

  const saving = chat.type('/save')
  await chat.client.heardBy('file')
  chat.client.stored.set('m1', png)
  chat.client.emit('file', coming)

  assert.match((await saving).lines[0] ?? '', /^Saved as .*a\.png$/)
})

test('/view names the picture to show', async () => {
  await using chat = await start()
  const picture = fileOf({ id: 'm1' }, { data: new Uint8Array(3), name: 'a.png', type: '' })
  chat.client.past = [picture]

  assert.deepEqual((await chat.type('/view')).outcome, { kind: 'picture', message: picture })
})

test('Tab completes paths, and folders go on', async () => {
  await using chat = await start()
  await writeFile(path.join(chat.home, 'map.png'), '')
  await writeFile(path.join(chat.home, '.hidden'), '')

  const at = (line: string) => complete(line, commands, chat.client)
  const { home } = chat

  assert.deepEqual((await at(`/image ${home}/`)).matches, [`${home}/map.png `])
  assert.deepEqual((await at(`/image ${home}/.h`)).matches, [`${home}/.hidden `])
  assert.deepEqual((await at(`/Sendimg bob ${home}`)).matches, [`${home}/`])
  assert.deepEqual((await at('/image /nowhere/at/all')).matches, [])
})

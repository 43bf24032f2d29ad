import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts'

const skip = process.platform === 'win32' && 'Windows has no file modes'

async function emptyFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fastchat-private-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a written file is for its owner only, and reads back', { skip }, async (context) => {
  const file = path.join(await emptyFolder(context), 'key.json')

  await writePrivateFile(file, Buffer.from('one'))
  await writePrivateFile(file, Buffer.from('two'))

  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal((await readPrivateFile(file))?.toString(), 'two')
  assert.deepEqual(await readdir(path.dirname(file)), ['key.json'])
})

test('no file is no error', async (context) => {
  const file = path.join(await emptyFolder(context), 'key.json')

  assert.equal(await readPrivateFile(file), undefined)
})

for (const mode of [0o640, 0o604, 0o620, 0o602]) {
  test(`a file of mode ${mode.toString(8)} is refused`, { skip }, async (context) => {
    const file = path.join(await emptyFolder(context), 'key.json')
    await writeFile(file, 'x')
    await chmod(file, mode)

    await assert.rejects(readPrivateFile(file), /chmod 600/)
  })
}

test('a symbolic link is refused', { skip }, async (context) => {
  const folder = await emptyFolder(context)
  await writeFile(path.join(folder, 'real'), 'x', { mode: 0o600 })
  await symlink(path.join(folder, 'real'), path.join(folder, 'key.json'))

  await assert.rejects(readPrivateFile(path.join(folder, 'key.json')), /symbolic link/)
})

test('a folder in the place of the file is refused', { skip }, async (context) => {
  const file = path.join(await emptyFolder(context), 'key.json')
  await mkdir(file, { mode: 0o700 })

  await assert.rejects(readPrivateFile(file), /is not a file/)
})

test('a failed write leaves the old file and no half one', { skip }, async (context) => {
  const folder = await emptyFolder(context)
  const target = path.join(folder, 'key.json')
  await mkdir(target, { mode: 0o700 })

  await assert.rejects(writePrivateFile(target, Buffer.from('x')))

  assert.deepEqual(await readdir(folder), ['key.json'])
})

test('a new folder is closed to others; one that is open to them is refused', {
  skip,
}, async (context) => {
  const folder = path.join(await emptyFolder(context), 'a', 'b')

  await ensurePrivateFolder(folder)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)

  await chmod(folder, 0o750)
  await assert.rejects(ensurePrivateFolder(folder), /chmod 700/)
})

import assert from 'node:assert/strict'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { downloadFolder } from './download-folder.ts'
import { saveFile } from './save-file.ts'

const png = new Uint8Array(
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000', 'hex'),
)
const text = new TextEncoder().encode('#!/bin/sh\nrm -rf ~\n')

async function folder() {
  const at = await mkdtemp(path.join(os.tmpdir(), 'fastchat-save-'))
  return {
    at,
    inside: path.join(at, 'Downloads'),
    [Symbol.asyncDispose]: () => rm(at, { recursive: true }),
  }
}

const hostile: readonly (readonly [name: string, saved: string])[] = [
  ['../../x', 'x.png'],
  ['/etc/passwd', 'passwd.png'],
  ['..\\..\\x', 'x.png'],
  ['CON', 'CON_.png'],
  ['a\0b', 'ab.png'],
  ['x'.repeat(255), `${'x'.repeat(196)}.png`],
  ['photo\u202Egpj.exe', 'photogpj.png'],
  ['evil.desktop', 'evil.png'],
  ['-rf', 'rf.png'],
  ['name...', 'name.png'],
  ['..', 'file.png'],
]

for (const [name, saved] of hostile) {
  test(`${JSON.stringify(name.slice(0, 20))} is saved as ${saved.slice(0, 20)}, inside the folder`, async () => {
    await using place = await folder()

    const file = await saveFile(place.inside, { bytes: png, name })

    assert.equal(file, path.join(place.inside, saved))
    assert.deepEqual(await readdir(place.at), ['Downloads'])
    assert.deepEqual(new Uint8Array(await readFile(file)), png)
    assert.equal((await lstat(file)).mode & 0o777, 0o600, 'neither others nor a start can use it')
  })
}

test('what a file is follows from its bytes: a script that calls itself a picture is none', async () => {
  await using place = await folder()

  const claimed = await saveFile(place.inside, { bytes: text, name: 'cat.sh' })
  const plain = await saveFile(place.inside, { bytes: text, name: 'x.desktop' })

  assert.deepEqual([path.basename(claimed), path.basename(plain)], ['cat_sh.bin', 'x_desktop.bin'])
})

test('nothing that exists is overwritten: not a file, not a folder, not what a link leads to', async () => {
  await using place = await folder()
  await mkdir(path.join(place.inside, 'map (1).png'), { recursive: true })
  const outside = path.join(place.at, 'precious')
  await writeFile(outside, 'precious')
  await writeFile(path.join(place.inside, 'map.png'), 'mine')
  await symlink(outside, path.join(place.inside, 'map (2).png'))
  await symlink(path.join(place.at, 'nowhere'), path.join(place.inside, 'map (3).png'))

  const file = await saveFile(place.inside, { bytes: png, name: 'map.png' })

  assert.equal(path.basename(file), 'map (4).png')
  assert.equal(await readFile(outside, 'utf8'), 'precious')
  assert.equal(await readFile(path.join(place.inside, 'map.png'), 'utf8'), 'mine')
  assert.deepEqual((await readdir(place.at)).sort(), ['Downloads', 'precious'])
})

test('two that save at once under one name get a file each', async () => {
  await using place = await folder()

  const files = await Promise.all(
    Array.from({ length: 8 }, () => saveFile(place.inside, { bytes: png, name: 'map.png' })),
  )

  assert.equal(new Set(files).size, 8)
})

test('the folder is the one the desktop names, else Downloads', async () => {
  await using place = await folder()
  const home = place.at
  await mkdir(path.join(home, '.config'))
  const dirs = path.join(home, '.config', 'user-dirs.dirs')

  assert.equal(await downloadFolder({ HOME: home }), path.join(home, 'Downloads'))
  await writeFile(dirs, '# a comment\nXDG_DOWNLOAD_DIR="$HOME/Geladen"\n')
  assert.equal(await downloadFolder({ HOME: home }), path.join(home, 'Geladen'))
  await writeFile(dirs, 'XDG_DOWNLOAD_DIR="somewhere"\n')
  assert.equal(await downloadFolder({ HOME: home }), path.join(home, 'Downloads'))
  assert.equal(await downloadFolder({ HOME: home, XDG_DOWNLOAD_DIR: '/x/y' }), '/x/y')
})

import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Failure } from '../failure.ts'
import { newKeyFile, openKeyFile } from '../profile/key-file.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import { someKeys } from '../testing/some-keys.ts'
import { unlock } from './unlock.ts'

const url = 'http://127.0.0.1:7680'

async function profile(context: TestContext, given: { readonly isTTY?: boolean } = {}) {
  const home = await mkdtemp(path.join(os.tmpdir(), 'fastchat-unlock-'))
  context.after(() => rm(home, { recursive: true, force: true }))
  const terminal = new FakeTerminal({ ...given, env: { FASTCHAT_HOME: home } })
  const options = { json: false, ascii: false, plain: false, lines: false, color: true }
  return { terminal, settings: settingsFrom(options, terminal) }
}

async function withKeys({ paths }: Settings): Promise<void> {
  const keys = await newKeyFile(paths.keyFile, url, 'correct horse')
  await keys.save(await someKeys())
}

test('a profile without keys asks for no password', async (context) => {
  const { terminal, settings } = await profile(context)

  assert.equal(await unlock(terminal, settings), undefined)
  assert.equal(terminal.written.talk, '')
})

test('the third try may be the right one, and nothing that is typed is shown', async (context) => {
  const { terminal, settings } = await profile(context)
  await withKeys(settings)

  const unlocked = unlock(terminal, settings)
  await terminal.sees(/^Password.*:$/)
  terminal.type('wrong one\r')
  await terminal.sees(/2 tries are left\.\n.*:$/)
  terminal.type('wrong two\r')
  await terminal.sees(/1 try is left\.\n.*:$/)
  terminal.type('correct hors\u007fse\r')

  assert.equal((await unlocked)?.url, url)
  assert.doesNotMatch(terminal.screen.text, /wrong (one|two)|correct/)
  assert.equal(terminal.rawMode, false)
})

test('three wrong passwords end it, and the keys stay', async (context) => {
  const { terminal, settings } = await profile(context)
  await withKeys(settings)
  terminal.type('wrong one\rwrong two\rwrong three\r')

  await assert.rejects(unlock(terminal, settings), { exit: 'failed' })

  assert.equal((await openKeyFile(settings.paths.keyFile, 'correct horse')).kind, 'opened')
})

test('Ctrl+C at the password ends with its code, out of raw mode', async (context) => {
  const { terminal, settings } = await profile(context)
  await withKeys(settings)
  const unlocked = unlock(terminal, settings)
  await terminal.sees(/:$/)
  terminal.type('half\u0003')

  await assert.rejects(unlocked, { exit: 'interrupted' })
  assert.equal(terminal.rawMode, false)
})

test('a piped password counts once, and what follows it stays to be read', async (context) => {
  const { terminal, settings } = await profile(context, { isTTY: false })
  await withKeys(settings)
  terminal.type('correct horse\nand more')

  assert.equal((await unlock(terminal, settings))?.kind, 'opened')
  assert.equal(String(terminal.input.read()), 'and more')
})

test('where stdin holds something else the password must come from a file', async (context) => {
  const { terminal, settings } = await profile(context, { isTTY: false })
  await withKeys(settings)

  await assert.rejects(
    unlock(terminal, settings, { isInputTaken: true }),
    (error: Failure) => error.exit === 'usage' && /--password-file/.test(error.message),
  )
})

test('keys that were saved come back the same, under a new password too', async (context) => {
  const { settings } = await profile(context)
  const { keyFile } = settings.paths
  const saved = await someKeys()
  const file = await newKeyFile(keyFile, url, 'correct horse')
  await file.save(saved)

  await file.setPassword('battery staple')

  assert.deepEqual(await openKeyFile(keyFile, 'correct horse'), { kind: 'wrong-password' })
  const opened = await openKeyFile(keyFile, 'battery staple')
  assert.equal(opened.kind, 'opened')
  const keys = opened.kind === 'opened' ? await opened.keys.load() : undefined
  assert.deepEqual(keys?.device.signingKey, saved.device.signingKey)
  assert.deepEqual(
    keys && (await crypto.subtle.exportKey('pkcs8', keys.device.privateKeys.decryption)),
    await crypto.subtle.exportKey('pkcs8', saved.device.privateKeys.decryption),
  )
  if (opened.kind === 'opened') await opened.keys.clear()
  await assert.rejects(stat(keyFile), { code: 'ENOENT' })
})

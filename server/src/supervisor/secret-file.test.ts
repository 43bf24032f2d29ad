import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { ensureSecretFile } from './secret-file.ts'

async function withFolder(use: (folder: string, file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fastchat-secret-'))
  try {
    await use(folder, path.join(folder, 'secret.json'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('the secrets are made once, complete, and for nobody else to read', () =>
  withFolder(async (folder, file) => {
    await ensureSecretFile(file)
    const first = readFileSync(file, 'utf8')
    await ensureSecretFile(file)

    assert.equal(readFileSync(file, 'utf8'), first)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(folder), ['secret.json'])
    const { secret, opaqueServerSetup } = JSON.parse(first) as Record<string, string>
    assert.equal(Buffer.from(secret ?? '', 'base64url').length, 32)
    assert.ok((opaqueServerSetup ?? '').length > 100)
  }))

test('starts at the same moment agree on the secrets', () =>
  withFolder(async (folder, file) => {
    await Promise.all(Array.from({ length: 5 }, () => ensureSecretFile(file)))

    assert.deepEqual(readdirSync(folder), ['secret.json'])
  }))

test('a damaged file is kept and not shown, because a new one would lock everybody out', () =>
  withFolder(async (_folder, file) => {
    writeFileSync(file, '{"secret":"hunter2')

    await assert.rejects(ensureSecretFile(file), (error) => {
      assert.match(String(error), /damaged\. Put a backup/)
      assert.doesNotMatch(String(error), /hunter2/)
      return true
    })

    assert.equal(readFileSync(file, 'utf8'), '{"secret":"hunter2')
  }))

test('a file that others could read is closed to them', () =>
  withFolder(async (_folder, file) => {
    await ensureSecretFile(file)
    chmodSync(file, 0o644)

    await ensureSecretFile(file)

    assert.equal(statSync(file).mode & 0o777, 0o600)
  }))

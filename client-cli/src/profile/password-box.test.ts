import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBox, passwordKey, sealBox } from './password-box.ts'

const content = Buffer.from('the keys of alice')

test('the password opens what it sealed', async () => {
  const file = sealBox(await passwordKey('correct horse'), content)

  const opened = await openBox(file, 'correct horse')

  assert.equal(opened.kind === 'opened' && opened.content.toString(), content.toString())
})

test('another password does not', async () => {
  const file = sealBox(await passwordKey('correct horse'), content)

  assert.deepEqual(await openBox(file, 'correct horsf'), { kind: 'wrong-password' })
})

test('an accent typed in two ways is one password', async () => {
  const file = sealBox(await passwordKey('caf\u00e9 au lait'), content)

  assert.equal((await openBox(file, 'cafe\u0301 au lait')).kind, 'opened')
})

test('what is saved again opens with the same password', async () => {
  const first = await openBox(sealBox(await passwordKey('correct horse'), content), 'correct horse')
  assert.equal(first.kind, 'opened')
  const again = sealBox(first.kind === 'opened' ? first.key : assert.fail(), Buffer.from('more'))

  const opened = await openBox(again, 'correct horse')

  assert.equal(opened.kind === 'opened' && opened.content.toString(), 'more')
})

test('the file shows neither content nor password, and no two are alike', async () => {
  const key = await passwordKey('correct horse')

  const file = sealBox(key, content).toString()

  assert.doesNotMatch(file, /keys of alice|correct horse/)
  assert.notEqual(file, sealBox(key, content).toString())
})

test('a change to any field is noticed', async () => {
  const file = sealBox(await passwordKey('correct horse'), content).toString()
  const box = JSON.parse(file) as Record<string, unknown>
  const changes = {
    format: 'fastchat-key-file/v2',
    memory: 8 * 1024,
    passes: 1,
    parallelism: 2,
    salt: Buffer.alloc(16, 7).toString('base64'),
    iv: Buffer.alloc(12, 7).toString('base64'),
    sealed: Buffer.alloc(40, 7).toString('base64'),
  }

  for (const [field, value] of Object.entries(changes)) {
    const changed = Buffer.from(JSON.stringify({ ...box, [field]: value }))
    assert.notEqual((await openBox(changed, 'correct horse')).kind, 'opened', field)
  }
})

test('a file that asks for absurd work, or is none of ours, is called damaged', async () => {
  const box = JSON.parse(sealBox(await passwordKey('correct horse'), content).toString()) as object
  const files = ['', 'null', '[]', '{"format":1}', JSON.stringify({ ...box, memory: 2 ** 30 })]

  for (const file of files) {
    assert.deepEqual(await openBox(Buffer.from(file), 'correct horse'), { kind: 'damaged' })
  }
})

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { findDeadLinks } from './docs.ts'
import { findLockGaps } from './lock-files.ts'
import { findLongFiles } from './sizes.ts'
import { findTraces } from './traces.ts'

function withTree(files: Readonly<Record<string, string>>, use: (root: string) => void): void {
  const root = mkdtempSync(path.join(os.tmpdir(), 'fastchat-checks-'))
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
      writeFileSync(path.join(root, file), text)
    }
    use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('a link to a missing file, a missing heading and a missing path in backticks are found', () => {
  const files = {
    'docs/a.md':
      '[x](b.md) [x](b.md#second-part) [x](gone.md) [x](b.md#third) [x](https://x.test/)',
    'docs/b.md':
      '# One\n\n## Second part\n\nSee `docs/a.md` and `docs/missing.md` and `other/thing.ts`.\n',
  }

  withTree(files, (root) => {
    assert.deepEqual(findDeadLinks(root, Object.keys(files)), [
      'docs/a.md: the link to gone.md leads nowhere',
      'docs/a.md: the link to b.md#third leads nowhere',
      'docs/b.md: there is no docs/missing.md',
    ])
  })
})

test('what stands in a code block of a document is not checked', () => {
  const files = { 'docs/a.md': '```md\n[x](gone.md)\n```\n' }

  withTree(files, (root) => assert.deepEqual(findDeadLinks(root, Object.keys(files)), []))
})

test('a lock file without the package for another platform is found', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/tool': {
        optionalDependencies: { '@tool/linux': '1.0.0', '@tool/darwin': '1.0.0' },
      },
      'node_modules/@tool/linux': { version: '1.0.0', os: ['linux'] },
    },
  }
  const files = { 'package-lock.json': JSON.stringify(lock) }

  withTree(files, (root) => {
    assert.deepEqual(findLockGaps(root, Object.keys(files)), [
      'package-lock.json: node_modules/tool may need @tool/darwin, and it is not locked',
    ])
  })
})

test('a file beyond 400 lines needs a reason, and a reason needs a file', () => {
  const long = 'x\n'.repeat(401)
  const files = {
    'a.ts': long,
    'b.ts': long,
    'c.ts': 'x\n'.repeat(400),
    'tools/size-exceptions.txt': '# reasons\nb.ts: one table\nc.ts: it was long once\n',
  }

  withTree(files, (root) => {
    assert.deepEqual(findLongFiles(root, Object.keys(files)), [
      'a.ts: 401 lines, more than 400; split it, or say why not in tools/size-exceptions.txt',
      'tools/size-exceptions.txt: c.ts is not too long any more',
    ])
  })
})

test('the folder of the clone and the registry in use are found, and nothing else', () => {
  const files: Record<string, string> = { 'a.md': 'https://example.org', 'b.md': '' }

  withTree(files, (root) => {
    writeFileSync(path.join(root, 'b.md'), `cd ${root}/server\nhttps://npm.intranet.test/x\n`)
    const names = Object.keys(files)

    assert.deepEqual(findTraces(root, names, 'https://npm.intranet.test/'), [
      'b.md:1: holds the path of this clone',
      'b.md:2: holds the registry of this machine',
    ])
  })
})

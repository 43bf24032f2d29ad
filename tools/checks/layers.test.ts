import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../bootstrap.mjs'
import { findLayerViolations } from './layers.ts'
import { listFiles } from './tracked-files.ts'

/** What the check says about one file with that text. */
function judge(file: string, text: string): string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fastchat-layers-'))
  try {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
    return findLayerViolations(folder, [file])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const refused: readonly (readonly [why: string, file: string, text: string])[] = [
  ['an arrow that points up', 'server/src/domain/a.ts', `import { b } from '../schema/b.ts'`],
  ['a layer that is skipped', 'server/src/schema/a.ts', `import { b } from '../store/b.ts'`],
  ['a store in a rule', 'server/src/domain/a.ts', `import { b } from '../store/b.ts'`],
  ['a re-export', 'server/src/domain/a.ts', `export { b } from '../schema/b.ts'`],
  ['a late import', 'server/src/domain/a.ts', `await import('../schema/b.ts')`],
  ['SQL outside of the store', 'server/src/domain/a.ts', `import pg from 'pg'`],
  [
    'Prisma outside of the store',
    'server/src/schema/a.ts',
    `import { b } from '../generated/prisma/client.ts'`,
  ],
  ['Pothos outside of the schema', 'server/src/domain/a.ts', `import B from '@pothos/core'`],
  ['the environment in a rule', 'server/src/domain/a.ts', `export const a = process.env.A`],
  ['the end of the process', 'server/src/store/a.ts', `if (a) process.exit(1)`],
  [
    'a server that knows a client',
    'server/src/app.ts',
    `import { b } from '../../client-core/src/index.ts'`,
  ],
  [
    'a client that knows the server',
    'client-core/src/sync/a.ts',
    `import { b } from '../../../server/src/app.ts'`,
  ],
  ['two of the middle three', 'client-core/src/api/a.ts', `import { b } from '../crypto/b.ts'`],
  ['a socket in the crypto', 'client-core/src/crypto/a.ts', `new WebSocket('ws://x')`],
  ['Node in the client core', 'client-core/src/storage/a.ts', `import fs from 'node:fs'`],
  ['urql outside of api', 'client-core/src/sync/a.ts', `import { b } from '@urql/core'`],
  [
    'a way around the package',
    'client-cli/src/a.ts',
    `import { b } from '../../client-core/src/sync/b.ts'`,
  ],
  [
    'a component that does what only the client may do',
    'client-web/src/lib/components/A.svelte',
    `<script lang="ts">\nimport { openChatClient } from '@fastchat/client-core'\n</script>`,
  ],
  [
    'a component that is loaded late and does not belong there',
    'client-web/src/lib/components/A.svelte',
    `{#await import('#lib/tabs/b.ts') then b}{b}{/await}`,
  ],
  [
    'a state that knows how it is shown',
    'client-web/src/lib/chat/a.svelte.ts',
    `import B from '#lib/components/B.svelte'`,
  ],
  ['GraphQL in the web app', 'client-web/src/lib/chat/a.ts', `import { b } from '@urql/core'`],
  ['a test in the product', 'server/src/app.ts', `import { b } from '../../tests/support/b.ts'`],
  ['a fake in the product', 'server/src/app.ts', `import { b } from './testing/b.ts'`],
  ['a place that nobody described', 'newcomer/a.ts', `export const a = 1`],
]

for (const [why, file, text] of refused)
  test(`the layer check refuses ${why}`, () => {
    assert.equal(judge(file, text).length, 1)
  })

const allowed: readonly (readonly [why: string, file: string, text: string])[] = [
  [
    'a type of the store in a rule',
    'server/src/domain/a.ts',
    `import type { B } from '../store/b.ts'`,
  ],
  ['types among names', 'server/src/domain/a.ts', `import { type B } from '../bus/b.ts'`],
  ['a property called process', 'server/src/domain/a.ts', `export const a = b.process`],
  [
    'a test that reaches everywhere',
    'server/src/domain/a.test.ts',
    `import { b } from '../store/b.ts'`,
  ],
  [
    'a component that knows the types of the client',
    'client-web/src/lib/components/A.svelte',
    `<script lang="ts">\nimport type { Group } from '@fastchat/client-core'\n</script>\n<p>{a}</p>`,
  ],
  ['the package by its name', 'client-cli/src/a.ts', `import { b } from '@fastchat/client-core'`],
]

for (const [why, file, text] of allowed)
  test(`the layer check allows ${why}`, () => {
    assert.deepEqual(judge(file, text), [])
  })

test('a violation names the file and the line', () => {
  const said = judge('server/src/domain/a.ts', `\n\nimport { b } from '../schema/b.ts'`)

  assert.match(said[0] ?? '', /^server\/src\/domain\/a\.ts:3: /)
})

test('every file of the project belongs to an area', () => {
  const said = findLayerViolations(root, listFiles(root))

  assert.deepEqual(
    said.filter((line) => line.includes('in no area')),
    [],
  )
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

/** Every file and package that is loaded with a file, followed through what it imports; `late` too if wanted. */
function loadedWith(file: string, late: 'with' | 'without'): ReadonlySet<string> {
  const found = new Set<string>()
  const follow = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    if (!name.startsWith('/')) return
    const text = readFileSync(name, 'utf8')
    const imports = [...text.matchAll(/^(?:import|export)(?! type)[^'"]*?from '([^']+)'/gm)]
    const lateImports = late === 'with' ? [...text.matchAll(/import\('([^']+)'\)/g)] : []
    for (const [, specifier = ''] of [...imports, ...lateImports]) {
      follow(specifier.startsWith('.') ? path.resolve(path.dirname(name), specifier) : specifier)
    }
  }
  follow(path.resolve(import.meta.dirname, file))
  return found
}

const heavy = ['ink', 'react', 'jimp']

test('the full screen is loaded when a window is filled, and by nothing else', () => {
  const chat = loadedWith('chat/open-chat.ts', 'with')
  assert.ok(chat.has('ink') && chat.has('react'))

  for (const file of [
    'main.ts',
    'chat/open-chat.ts',
    'oneshot/send-once.ts',
    'oneshot/listen.ts',
  ]) {
    const loaded = loadedWith(file, 'without')
    assert.ok(loaded.size > 3, `nothing was followed from ${file}`)
    for (const name of heavy) assert.ok(!loaded.has(name), `${file} loads ${name}`)
  }
})

test('one command does not load what another needs', () => {
  const send = loadedWith('oneshot/send-once.ts', 'with')

  for (const name of ['ink', 'react']) assert.ok(!send.has(name), `send loads ${name}`)
})

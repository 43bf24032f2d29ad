import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { commandLineDocs } from './command-line.ts'
import { completionScript } from './completions.ts'

const script = completionScript('bash', commandLineDocs())

/** What bash offers for a line whose last word is being typed. */
function offers(...words: readonly string[]): readonly string[] {
  const line = ['fastchat', ...words].map((word) => `'${word}'`).join(' ')
  const { stdout, status } = spawnSync('bash', ['--norc'], {
    input: `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _fastchat; printf '%s\\n' "\${COMPREPLY[@]}"`,
    encoding: 'utf8',
  })
  assert.equal(status, 0)
  return stdout.split('\n').filter((word) => word !== '')
}

test('bash completes commands, those within group, and options', () => {
  assert.deepEqual(offers('gr'), ['group'])
  assert.deepEqual(offers('group', 'ki'), ['kick'])
  assert.deepEqual(offers('send', '--wa'), ['--wait'])
  assert.deepEqual(offers('--pro'), ['--profile'])
  assert.ok(offers('').length > 10)
})

test('the value of an option is not taken for a command', () => {
  assert.deepEqual(offers('--profile', 'send', 'group', 'le'), ['leave'])
  assert.deepEqual(offers('-p', ''), [])
})

test('every command is in the script of every shell', () => {
  const docs = commandLineDocs()
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const text = completionScript(shell, docs)
    for (const { usage } of docs.commands) {
      const name = usage.split(' ')[1] ?? ''
      assert.match(text, new RegExp(`\\b${name}\\b`), `${name} in ${shell}`)
    }
  }
})

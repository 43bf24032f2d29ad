import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Command, Parameter } from './command.ts'
import { asWord, parseLine, valuesOf, wordsIn } from './parse-line.ts'

const someWord = fc.string({ minLength: 1, unit: 'grapheme' }).filter((word) => word.trim() !== '')

function commandOf(parameters: readonly Parameter[]): Command {
  const run = () => Promise.reject(new Error('is not run here'))
  return { name: 'try', aliases: [], summary: '', parameters, run }
}

test('every line is empty, a text or a command, and nothing of a text is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => {
      const parsed = parseLine(line)
      if (parsed.kind === 'empty') assert.equal(line.trim(), '')
      if (parsed.kind === 'text') assert.ok(line === parsed.text || line === `/${parsed.text}`)
      if (parsed.kind === 'command') assert.ok(line.startsWith(`/${parsed.name}`))
    }),
  )
})

test('a text that begins with a slash is typed with two', () => {
  fc.assert(
    fc.property(someWord, (text) => {
      assert.deepEqual(parseLine(`//${text}`), { kind: 'text', text: `/${text}` })
    }),
  )
})

test('words are read back as they were quoted, whatever stands in them', () => {
  fc.assert(
    fc.property(fc.array(someWord), (words) => {
      assert.deepEqual(wordsIn(words.map(asWord).join('  ')), words)
    }),
  )
})

test('a parameter that takes the rest gets it as it was typed', () => {
  const command = commandOf([{ name: 'group' }, { name: 'message', takesRest: true }])
  fc.assert(
    fc.property(someWord, someWord, (group, message) => {
      const { values, isTooMany } = valuesOf(command, `${asWord(group)} ${message}`)
      assert.deepEqual(values, [group, message.trim()])
      assert.equal(isTooMany, false)
    }),
  )
})

test('no line makes the reader of words fail or go on for ever', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (rest) => {
      const { values } = valuesOf(commandOf([{ name: 'one' }, { name: 'two' }]), rest)
      assert.equal(values.length, 2)
    }),
  )
})

test('a quote that is never closed is part of the word', () => {
  assert.deepEqual(wordsIn('"half open'), ['"half', 'open'])
})

test('more words than parameters are told', () => {
  assert.equal(valuesOf(commandOf([{ name: 'one' }]), 'bob carol').isTooMany, true)
})

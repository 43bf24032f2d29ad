import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chordOf, type Key } from './key.ts'
import { KeyReader } from './key-reader.ts'

const esc = '\u001b'

/** What the keys are called; text and pastes as they are. */
function read(...pieces: readonly string[]): readonly string[] {
  const reader = new KeyReader()
  const keys = pieces.flatMap((piece) => reader.read(piece))
  return [...keys, ...reader.flush()].map(nameOf)
}

function nameOf(key: Key): string {
  switch (key.kind) {
    case 'press':
      return chordOf(key)
    case 'text':
      return `text ${key.text}`
    case 'paste':
      return `paste ${key.text}`
    case 'focus':
      return key.isFocused ? 'focus' : 'blur'
    case 'extended-keys':
      return key.kind
  }
}

const sequences: readonly (readonly [sent: string, chord: string])[] = [
  ['\r', 'enter'],
  ['\n', 'ctrl+j'],
  ['\t', 'tab'],
  ['\u007f', 'backspace'],
  ['\u0001', 'ctrl+a'],
  ['\u000b', 'ctrl+k'],
  [`${esc}b`, 'alt+b'],
  [`${esc}1`, 'alt+1'],
  [`${esc}\r`, 'alt+enter'],
  [`${esc}[A`, 'up'],
  [`${esc}OA`, 'up'],
  [`${esc}[1;3A`, 'alt+up'],
  [`${esc}[1;5D`, 'ctrl+left'],
  [`${esc}[3~`, 'delete'],
  [`${esc}[5~`, 'pageup'],
  [`${esc}[H`, 'home'],
  [`${esc}[4~`, 'end'],
  [`${esc}[Z`, 'shift+tab'],
  [`${esc}OP`, 'f1'],
  [`${esc}[11~`, 'f1'],
  [`${esc}[[A`, 'f1'],
  [`${esc}[13;2u`, 'shift+enter'],
  [`${esc}[27;2;13~`, 'shift+enter'],
  [`${esc}[97;5u`, 'ctrl+a'],
  [`${esc}[98;3u`, 'alt+b'],
  [`${esc}[27u`, 'escape'],
  [`${esc}[122u`, 'text z'],
  [`${esc}[I`, 'focus'],
  [`${esc}[O`, 'blur'],
  [`${esc}[?0u`, 'extended-keys'],
  [`${esc}[200~one\r\ntwo${esc}[201~`, 'paste one\r\ntwo'],
  ['wörter 日本', 'text wörter 日本'],
]

for (const [sent, chord] of sequences) {
  test(`${JSON.stringify(sent)} is ${chord}`, () => {
    assert.deepEqual(read(sent), [chord])
  })
}

test('an escape that nothing follows is the key of that name', () => {
  assert.deepEqual(read(esc), ['escape'])
})

test('a released key and an answer nobody asked for are no keys', () => {
  assert.deepEqual(read(`${esc}[97;1:3u${esc}[?62;22c${esc}[24;80R`), [])
})

test('a control inside a paste presses no key', () => {
  assert.deepEqual(read(`${esc}[200~a${esc}[Ab\u0003${esc}[201~c`), [
    `paste a${esc}[Ab\u0003`,
    'text c',
  ])
})

test('where a terminal cuts its messages into pieces changes nothing', () => {
  const whole = sequences.filter(([, chord]) => !chord.startsWith('text'))
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...whole), { maxLength: 6 }),
      fc.array(fc.nat(60), { maxLength: 8 }),
      (keys, cuts) => {
        const sent = keys.map(([text]) => text).join('')
        const places = [...new Set(cuts)].filter((cut) => cut < sent.length).sort((a, b) => a - b)
        const pieces = [0, ...places].map((start, index) => sent.slice(start, places[index]))

        assert.deepEqual(
          read(...pieces),
          keys.map(([, chord]) => chord),
        )
      },
    ),
  )
})

test('no bytes whatsoever make it stop reading', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(esc, '[', 'O', '?', '2', ';', '~', 'u', 'a', '\r') }),
      (sent) => {
        const reader = new KeyReader()
        reader.read(`${sent}`)
        reader.flush()
        if (sent.includes('[2')) return
        assert.deepEqual(reader.read('x').map(nameOf).at(-1)?.endsWith('x'), true)
      },
    ),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { safeJson, safeLine, safeText } from './safe-text.ts'

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => {
    return String.fromCharCode(...units)
  }),
  fc
    .array(
      fc.constantFrom(
        '\u001b]0;x\u0007',
        '\u009b',
        '\r',
        '\b',
        '\u202e',
        '\u2028',
        '\u200d',
        '👩',
        '️',
        'a',
        '\u{e0041}',
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
)

// Said another way than the code says it: listed here are the characters that may reach a terminal.
const visible = String.raw`\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}`
const joiners = String.raw`\u200c\u200d\ufe0f`
const allowedText = new RegExp(`^[${visible}${joiners}\n\t]*$`, 'u')
const allowedLine = new RegExp(`^[${visible}${joiners}]*$`, 'u')

test('whatever a stranger wrote, only visible characters, line breaks and tabs come out', () => {
  fc.assert(
    fc.property(anything, (text) => allowedText.test(safeText(text))),
    { numRuns: 2000 },
  )
})

test('a name is one line, whatever a stranger wrote', () => {
  fc.assert(
    fc.property(anything, (text) => allowedLine.test(safeLine(text))),
    { numRuns: 2000 },
  )
})

test('cleaning what is clean changes nothing', () => {
  fc.assert(fc.property(anything, (text) => safeText(safeText(text)) === safeText(text)))
})

test('JSON says exactly what was sent, in characters that do nothing to a terminal', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const printed = safeJson({ text })
      assert.match(printed, allowedLine)
      assert.doesNotMatch(printed, /\u200c|\u200d|\ufe0f/)
      assert.equal((JSON.parse(printed) as { text: string }).text, text)
    }),
    { numRuns: 2000 },
  )
})

const attacks: Readonly<Record<string, readonly [sent: string, shown: string]>> = {
  'a colour': ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
  'a window title': ['\u001b]0;owned\u0007', '␛]0;owned␇'],
  'a disguised link': ['\u001b]8;;http://evil\u001b\\bank', '␛]8;;http://evil␛\\bank'],
  'the clipboard': ['\u001b]52;c;cm0=\u0007', '␛]52;c;cm0=␇'],
  'a device control string': ['\u001bP$q"p\u001b\\', '␛P$q"p␛\\'],
  'an escape of one byte': ['\u009b31mred', '\u{FFFD}31mred'],
  'a line that is overwritten': ['bob: hi\rmallory: hi', 'bob: hi␍mallory: hi'],
  'a backspace': ['evil\b\b\b\bgood', 'evil␈␈␈␈good'],
  'a text turned around': ['abc\u202egnp.exe', 'abc\u{FFFD}gnp.exe'],
  'hidden tag characters': ['hi\u{e0068}\u{e0069}', 'hi\u{FFFD}'],
  'a zero-width space': ['pay\u200bpal', 'pay\u{FFFD}pal'],
  'half a character': ['a\ud800b', 'a\u{FFFD}b'],
  'a pile of accents': [`e${'\u0301'.repeat(40)}x`, `e${'\u0301'.repeat(6)}\u{FFFD}x`],
}

for (const [name, [sent, shown]] of Object.entries(attacks)) {
  test(`${name} is shown, not obeyed`, () => {
    assert.equal(safeText(sent), shown)
  })
}

test('line separators of every kind become line breaks in a text and a picture in a name', () => {
  assert.equal(safeText('a\r\nb\u2028c\u2029d\te'), 'a\nb\nc\nd\te')
  assert.equal(safeLine('a\nb\tc'), 'a␊b c')
})

test('pictures made of several and letters that join stay whole', () => {
  for (const text of [
    '👩‍👩‍👧',
    '❤️',
    '🏳️‍🌈',
    '1️⃣',
    '👍🏽',
    'می‌خواهم',
    'क्‍ष',
    'café',
    '日本語',
    'שלום',
  ]) {
    assert.equal(safeText(text), text)
  }
})

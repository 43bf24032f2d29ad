// Every byte a stranger wrote passes here before it reaches a terminal: messages, names, device
// names, server errors. A terminal obeys what it is sent, so nothing but visible characters leaves.

const replacement = '\u{FFFD}'
const maxMarksPerCharacter = 6

/** Joins two pictures into one (families, flags) or shapes letters of these scripts; else a hiding place. */
const joiningLetter = String.raw`\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}`
const rightfulJoiner = new RegExp(
  String.raw`(?<=[\p{Extended_Pictographic}\u{1F3FB}-\u{1F3FF}]\u{FE0F}?)\u{200D}(?=\p{Extended_Pictographic})` +
    String.raw`|(?<=[${joiningLetter}])[\u{200C}\u{200D}](?=[${joiningLetter}])` +
    String.raw`|(?<=[\p{Extended_Pictographic}0-9#*])\u{FE0F}`,
  'uy',
)

// Other: controls, formats (bidi, tags), surrogates, private use, unassigned. Ignorable: drawn as nothing.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const everyHidden = new RegExp(hidden.source, 'gu')
const pileOfMarks = new RegExp(String.raw`(\p{M}{${maxMarksPerCharacter}})\p{M}+`, 'gu')

/** Text of several lines: line breaks and tabs stay, the caller draws each line behind a gutter. */
export function safeText(text: string): string {
  const lines = text.replace(/\r\n|\u2028|\u2029/g, '\n')
  return clean(lines, (character) => (character === '\n' || character === '\t' ? character : ''))
}

/** One line, whatever was sent: for names, and for quoting a message. */
export function safeLine(text: string): string {
  return clean(text, (character) => (character === '\t' ? ' ' : ''))
}

/** JSON that is safe to print: everything this module would hide is written as \uXXXX instead. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(everyHidden, escapeUnits)
}

function clean(text: string, keep: (character: string) => string): string {
  const visible = text
    .toWellFormed()
    .replace(everyHidden, (character, offset: number, whole: string) => {
      if (isRightful(whole, offset, character)) return character
      return keep(character) || show(character)
    })
  // A run of hidden characters says no more than one, and could be a thousand.
  return visible.replace(/\u{FFFD}{2,}/gu, replacement).replace(pileOfMarks, `$1${replacement}`)
}

function isRightful(whole: string, offset: number, character: string): boolean {
  rightfulJoiner.lastIndex = offset
  return rightfulJoiner.exec(whole)?.[0] === character
}

/** Control characters get their picture (escape is ␛), the rest the sign for "something was here". */
function show(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : replacement
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}

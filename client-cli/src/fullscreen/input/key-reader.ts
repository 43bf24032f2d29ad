import type { Key, Press } from './key.ts'

const esc = '\u001b'
const pasteBegin = `${esc}[200~`
const pasteEnd = `${esc}[201~`

/** What follows an escape: a sequence with parameters, one with a single letter, or a key with Alt. */
const control = /^\p{Cc}\[([?<=>]?)([\d;:]*)([ -/]*)([@-~])/u
const single = /^\p{Cc}O([A-Za-z])/u

const byLetter: { readonly [Letter in string]?: string } = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  M: 'enter',
  P: 'f1',
}
const byNumber: { readonly [Number in string]?: string } = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
}
const byCode: { readonly [Code in number]?: string } = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57414: 'enter',
}

/** Takes what a terminal sends, piece by piece, and tells keys. Pieces may end anywhere. */
export class KeyReader {
  #held = ''

  /** What is unfinished waits for the next piece, see `flush`. */
  read(chunk: string): readonly Key[] {
    let rest = this.#held + chunk
    this.#held = ''
    const keys: Key[] = []
    while (rest !== '') {
      const found = rest.startsWith(esc) ? readEscape(rest) : readPlain(rest)
      if (found === undefined) {
        this.#held = rest
        return keys
      }
      if (found.key !== undefined) keys.push(found.key)
      rest = rest.slice(found.length)
    }
    return keys
  }

  /** True if only time can tell whether an escape was the key of that name. */
  get isUndecided(): boolean {
    return this.#held !== '' && !this.#held.startsWith(pasteBegin)
  }

  /** Nothing more came: an escape was the key, and what else is held was nothing. */
  flush(): readonly Key[] {
    if (!this.isUndecided) return []
    const held = this.#held
    this.#held = ''
    return held === esc ? [press('escape')] : []
  }
}

interface Found {
  readonly length: number
  readonly key?: Key | undefined
}

/** Returns `undefined` if the end of it has not come yet. */
function readEscape(text: string): Found | undefined {
  if (text.startsWith(pasteBegin)) return readPaste(text)
  // The Linux console has sequences of its own for the first function keys.
  const console = /^\p{Cc}\[\[([A-E])?/u.exec(text)
  if (console !== null) {
    if (console[1] === undefined) return text.length > 3 ? { length: 3 } : undefined
    return { length: 4, key: console[1] === 'A' ? press('f1') : undefined }
  }
  const sequence = control.exec(text)
  if (sequence !== null) {
    const [whole, mark = '', parameters = '', , letter = ''] = sequence
    return { length: whole.length, key: controlKey(mark, parameters, letter) }
  }
  const name = single.exec(text)?.[1]
  if (name !== undefined) return { length: 3, key: named(byLetter[name], 0) }
  // Perhaps the beginning of one of those.
  if (/^\p{Cc}(\[[\d;:?<=>]*|O)?$/u.test(text)) return undefined
  const [first = ''] = text.slice(1)
  if (first === esc) return { length: 1, key: press('escape') }
  const key = keyOf(first)
  return { length: 1 + first.length, key: { ...key, alt: true } }
}

function readPaste(text: string): Found | undefined {
  const end = text.indexOf(pasteEnd)
  if (end === -1) return undefined
  return {
    length: end + pasteEnd.length,
    key: { kind: 'paste', text: text.slice(pasteBegin.length, end) },
  }
}

function controlKey(mark: string, parameters: string, letter: string): Key | undefined {
  if (mark === '?' && letter === 'u') return { kind: 'extended-keys' }
  if (mark !== '') return undefined
  const [first = '', second = '', third = ''] = parameters.split(';')
  // A kitty terminal may tell releases, which are not presses.
  if (second.endsWith(':3')) return undefined
  const modifiers = Math.max(0, Number.parseInt(second || '1', 10) - 1)
  if (letter === 'I') return { kind: 'focus', isFocused: true }
  if (letter === 'O' && parameters === '') return { kind: 'focus', isFocused: false }
  if (letter === 'Z') return press('tab', { shift: true })
  if (letter === 'u') return coded(Number.parseInt(first, 10), modifiers)
  if (letter === '~' && first === '27') return coded(Number.parseInt(third, 10), modifiers)
  if (letter === '~') return named(byNumber[first], modifiers)
  return named(byLetter[letter], modifiers)
}

function coded(code: number, modifiers: number): Key | undefined {
  const name = byCode[code]
  if (name !== undefined) return named(name, modifiers)
  if (!Number.isInteger(code) || code < 32 || code > 0x10_ffff) return undefined
  const letter = String.fromCodePoint(code)
  if (/\p{C}/u.test(letter)) return undefined
  const isTyped = (modifiers & ~1) === 0
  return isTyped ? { kind: 'text', text: letter } : named(letter.toLowerCase(), modifiers)
}

function named(name: string | undefined, modifiers: number): Key | undefined {
  if (name === undefined) return undefined
  const [shift, alt, ctrl] = [1, 2, 4].map((bit) => (modifiers & bit) !== 0)
  return press(name, { shift: shift ?? false, alt: alt ?? false, ctrl: ctrl ?? false })
}

function readPlain(text: string): Found {
  // One character if it is a key, else all the letters up to the next key.
  const letters = /^[^\p{Cc}]+/u.exec(text)?.[0]
  if (letters === undefined) return { length: 1, key: keyOf(text.charAt(0)) }
  return { length: letters.length, key: { kind: 'text', text: letters } }
}

function keyOf(character: string): Press {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n') return press('j', { ctrl: true })
  const name = byCode[code]
  if (name !== undefined) return press(name)
  if (code > 0 && code < 27) return press(String.fromCharCode(code + 96), { ctrl: true })
  const lower = character.toLowerCase()
  return press(lower, { shift: lower !== character })
}

function press(name: string, held: Partial<Omit<Press, 'kind' | 'name'>> = {}): Press {
  return { kind: 'press', name, ctrl: false, alt: false, shift: false, ...held }
}

import { graphemesOf } from '../../text/display-width.ts'

/** A text that is being written. The cursor stands before the unit of that number. */
export interface Editor {
  readonly text: string
  readonly cursor: number
  /** What was cut last, for Ctrl+Y. */
  readonly cut: string
}

export const emptyEditor: Editor = { text: '', cursor: 0, cut: '' }

export function editorWith(text: string, { cut }: Editor = emptyEditor): Editor {
  return { text, cursor: text.length, cut }
}

export function insert(editor: Editor, added: string): Editor {
  const { text, cursor } = editor
  return {
    ...editor,
    text: text.slice(0, cursor) + added + text.slice(cursor),
    cursor: cursor + added.length,
  }
}

/** Each key of the line editor, by what it does to the text. */
export const edits = {
  left: (editor: Editor) => moveTo(editor, before(editor)),
  right: (editor: Editor) => moveTo(editor, after(editor)),
  'word-left': (editor: Editor) => moveTo(editor, wordBefore(editor)),
  'word-right': (editor: Editor) => moveTo(editor, wordAfter(editor)),
  'line-start': (editor: Editor) => moveTo(editor, lineStart(editor)),
  'line-end': (editor: Editor) => moveTo(editor, lineEnd(editor)),
  'delete-before': (editor: Editor) => remove(editor, before(editor), editor.cursor),
  'delete-after': (editor: Editor) => remove(editor, editor.cursor, after(editor)),
  'cut-word-before': (editor: Editor) => cut(editor, spaceBefore(editor), editor.cursor),
  'cut-word-after': (editor: Editor) => cut(editor, editor.cursor, wordAfter(editor)),
  'cut-to-start': (editor: Editor) => cut(editor, lineStart(editor), editor.cursor),
  'cut-to-end': (editor: Editor) => cut(editor, editor.cursor, lineEnd(editor)),
  'put-back': (editor: Editor) => insert(editor, editor.cut),
  'new-line': (editor: Editor) => insert(editor, '\n'),
} satisfies Readonly<Record<string, (editor: Editor) => Editor>>

export type Edit = keyof typeof edits

/** Up or down within a text of several lines; `undefined` if there is no line in that direction. */
export function moveLine(editor: Editor, by: -1 | 1): Editor | undefined {
  const { text, cursor } = editor
  const start = lineStart(editor)
  const column = cursor - start
  if (by === -1) {
    if (start === 0) return undefined
    const above = lineStart({ ...editor, cursor: start - 1 })
    return moveTo(editor, snap(text, Math.min(above + column, start - 1)))
  }
  const end = lineEnd(editor)
  if (end === text.length) return undefined
  const below = lineEnd({ ...editor, cursor: end + 1 })
  return moveTo(editor, snap(text, Math.min(end + 1 + column, below)))
}

function moveTo(editor: Editor, cursor: number): Editor {
  return { ...editor, cursor }
}

function remove(editor: Editor, from: number, to: number): Editor {
  return { ...editor, text: editor.text.slice(0, from) + editor.text.slice(to), cursor: from }
}

function cut(editor: Editor, from: number, to: number): Editor {
  if (from === to) return editor
  return { ...remove(editor, from, to), cut: editor.text.slice(from, to) }
}

function before({ text, cursor }: Editor): number {
  return cursor - (graphemesOf(text.slice(0, cursor)).at(-1)?.length ?? 0)
}

function after({ text, cursor }: Editor): number {
  return cursor + (graphemesOf(text.slice(cursor))[0]?.length ?? 0)
}

/** Alt+B stops at signs between letters, Ctrl+W only at spaces: as shells do. */
function wordBefore({ text, cursor }: Editor): number {
  return cursor - lengthOfWord(graphemesOf(text.slice(0, cursor)).toReversed(), isWord)
}

function wordAfter({ text, cursor }: Editor): number {
  return cursor + lengthOfWord(graphemesOf(text.slice(cursor)), isWord)
}

function spaceBefore({ text, cursor }: Editor): number {
  return cursor - lengthOfWord(graphemesOf(text.slice(0, cursor)).toReversed(), isNoSpace)
}

/** What is no word, and then the word. */
function lengthOfWord(graphemes: readonly string[], isPart: (grapheme: string) => boolean): number {
  const start = graphemes.findIndex(isPart)
  if (start === -1) return graphemes.join('').length
  const end = graphemes.findIndex((grapheme, index) => index > start && !isPart(grapheme))
  return graphemes.slice(0, end === -1 ? undefined : end).join('').length
}

function isWord(grapheme: string): boolean {
  return /[\p{L}\p{N}]/u.test(grapheme)
}

function isNoSpace(grapheme: string): boolean {
  return !/^\s/.test(grapheme)
}

function lineStart({ text, cursor }: Editor): number {
  return cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1
}

function lineEnd({ text, cursor }: Editor): number {
  const end = text.indexOf('\n', cursor)
  return end === -1 ? text.length : end
}

/** Never in the middle of a character. */
function snap(text: string, index: number): number {
  let start = 0
  for (const grapheme of graphemesOf(text)) {
    if (start + grapheme.length > index) return start
    start += grapheme.length
  }
  return start
}

import { type Editor, insert } from '../input/editor.ts'

/** What could stand in place of the end of the line. */
export interface Suggestions {
  readonly items: readonly string[]
  /** Which of them stands in the line now; -1 before the first Tab chose one. */
  readonly chosen: number
  /** Where in the text the part begins that they replace. */
  readonly from: number
}

/** Puts the only match into the line, or as much as all have in common, and offers the rest. */
export function suggest(
  editor: Editor,
  { matches, completed }: { readonly matches: readonly string[]; readonly completed: string },
): { readonly editor: Editor; readonly suggestions: Suggestions | undefined } {
  const from = editor.cursor - completed.length
  const [only, ...others] = matches
  if (only === undefined) return { editor, suggestions: undefined }
  if (others.length === 0) return { editor: replace(editor, from, only), suggestions: undefined }
  const common = commonBeginning(matches)
  const isLonger = common.length > completed.length
  return {
    editor: isLonger ? replace(editor, from, common) : editor,
    suggestions: { items: matches, chosen: -1, from },
  }
}

/** The next or the last one, round and round. */
export function cycle(
  editor: Editor,
  suggestions: Suggestions,
  by: -1 | 1,
): { readonly editor: Editor; readonly suggestions: Suggestions } {
  const { items, chosen, from } = suggestions
  const start = chosen === -1 && by === -1 ? 0 : chosen
  const next = (start + by + items.length) % items.length
  return {
    editor: replace(editor, from, (items[next] ?? '').trimEnd()),
    suggestions: { ...suggestions, chosen: next },
  }
}

function replace(editor: Editor, from: number, by: string): Editor {
  const { text, cursor } = editor
  return insert({ ...editor, text: text.slice(0, from) + text.slice(cursor), cursor: from }, by)
}

function commonBeginning(words: readonly string[]): string {
  const [first = '', ...others] = words
  let length = first.length
  for (const word of others) {
    while (!word.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length -= 1
  }
  return first.slice(0, length)
}

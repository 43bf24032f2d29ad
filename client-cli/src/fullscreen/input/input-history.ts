import { type Editor, editorWith } from './editor.ts'

const most = 200

/** What was sent from one conversation, in memory only. */
export interface InputHistory {
  readonly sent: readonly string[]
  /** Which of them stands in the line, or its length if what stands there is new. */
  readonly at: number
  /** What was being written when the person went back. */
  readonly unsent: string
}

export const emptyHistory: InputHistory = { sent: [], at: 0, unsent: '' }

export function remember(history: InputHistory, text: string): InputHistory {
  const isAgain = history.sent.at(-1) === text
  const sent = isAgain ? history.sent : [...history.sent, text].slice(-most)
  return { sent, at: sent.length, unsent: '' }
}

/** One step back or forth; `undefined` if there is nothing in that direction. */
export function recall(
  history: InputHistory,
  editor: Editor,
  by: -1 | 1,
): { readonly history: InputHistory; readonly editor: Editor } | undefined {
  const at = history.at + by
  if (at < 0 || at > history.sent.length) return undefined
  const unsent = history.at === history.sent.length ? editor.text : history.unsent
  const text = at === history.sent.length ? unsent : (history.sent[at] ?? '')
  return { history: { ...history, at, unsent }, editor: editorWith(text, editor) }
}

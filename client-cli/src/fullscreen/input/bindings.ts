import type { Edit } from './editor.ts'

export type Action =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'line'; readonly by: -1 | 1 }
  | { readonly kind: 'submit' }
  | { readonly kind: 'complete'; readonly by: -1 | 1 }
  | { readonly kind: 'scroll'; readonly pages: number }
  | { readonly kind: 'to-end' }
  | { readonly kind: 'to-start' }
  | { readonly kind: 'jump' }
  | { readonly kind: 'next-unread' }
  | { readonly kind: 'neighbour'; readonly by: -1 | 1 }
  | { readonly kind: 'help' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'go-behind' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'interrupt' }

interface Binding {
  readonly chords: readonly string[]
  readonly action: Action
  /** How the key is called and what it does, for the help sheet and docs/cli.md; keys of a kind share one. */
  readonly help?: readonly [keys: string, meaning: string]
}

/** Every key of the full screen, in the order help shows them. */
export const bindings: readonly Binding[] = [
  { chords: ['enter'], action: { kind: 'submit' }, help: ['Enter', 'send, or run the command'] },
  {
    chords: ['alt+enter', 'shift+enter', 'ctrl+j'],
    action: edit('new-line'),
    help: ['Alt+Enter', 'a line break; Shift+Enter too, where the terminal tells them apart'],
  },
  {
    chords: ['tab'],
    action: { kind: 'complete', by: 1 },
    help: ['Tab, Shift+Tab', 'complete a command, then what it is about; again for the next one'],
  },
  { chords: ['shift+tab'], action: { kind: 'complete', by: -1 } },
  {
    chords: ['up'],
    action: { kind: 'line', by: -1 },
    help: ['Up, Down', 'what was sent from this conversation; a line up or down in a long text'],
  },
  { chords: ['down'], action: { kind: 'line', by: 1 } },
  { chords: ['ctrl+p'], action: { kind: 'line', by: -1 } },
  { chords: ['ctrl+n'], action: { kind: 'line', by: 1 } },
  {
    chords: ['ctrl+k'],
    action: edit('cut-to-end'),
    help: ['Ctrl+K', 'jump to a conversation; with text right of the cursor it cuts that instead'],
  },
  { chords: ['alt+k'], action: { kind: 'jump' }, help: ['Alt+K', 'jump to a conversation'] },
  {
    chords: ['alt+a'],
    action: { kind: 'next-unread' },
    help: ['Alt+A', 'the next conversation with something unread'],
  },
  {
    chords: ['alt+up'],
    action: { kind: 'neighbour', by: -1 },
    help: ['Alt+1 to Alt+9', 'the conversation at that place; Alt+Up and Alt+Down its neighbours'],
  },
  { chords: ['alt+down'], action: { kind: 'neighbour', by: 1 } },
  {
    chords: ['pageup'],
    action: { kind: 'scroll', pages: -1 },
    help: ['PgUp, PgDn', 'scroll through the messages'],
  },
  { chords: ['pagedown'], action: { kind: 'scroll', pages: 1 } },
  { chords: ['ctrl+end'], action: { kind: 'to-end' } },
  { chords: ['ctrl+home'], action: { kind: 'to-start' } },
  {
    chords: ['end', 'ctrl+e'],
    action: edit('line-end'),
    help: ['Ctrl+A, Ctrl+E', 'the beginning and the end of the line; End: the newest message'],
  },
  { chords: ['home', 'ctrl+a'], action: edit('line-start') },
  {
    chords: ['alt+b', 'ctrl+left', 'alt+left'],
    action: edit('word-left'),
    help: ['Alt+B, Alt+F', 'a word back, a word on'],
  },
  { chords: ['alt+f', 'ctrl+right', 'alt+right'], action: edit('word-right') },
  { chords: ['left', 'ctrl+b'], action: edit('left') },
  { chords: ['right', 'ctrl+f'], action: edit('right') },
  {
    chords: ['ctrl+w', 'alt+backspace'],
    action: edit('cut-word-before'),
    help: ['Ctrl+W, Ctrl+U', 'cut the word, or the line, left of the cursor'],
  },
  { chords: ['ctrl+u'], action: edit('cut-to-start') },
  { chords: ['alt+d'], action: edit('cut-word-after') },
  { chords: ['ctrl+y'], action: edit('put-back'), help: ['Ctrl+Y', 'put back what was cut last'] },
  { chords: ['backspace', 'ctrl+h', 'shift+backspace'], action: edit('delete-before') },
  { chords: ['delete'], action: edit('delete-after') },
  { chords: ['ctrl+l'], action: { kind: 'redraw' }, help: ['Ctrl+L', 'draw the screen anew'] },
  {
    chords: ['f1'],
    action: { kind: 'help' },
    help: ['F1, or ? in an empty line', 'this help'],
  },
  { chords: ['escape'], action: { kind: 'cancel' }, help: ['Esc', 'close what is open'] },
  {
    chords: ['ctrl+d'],
    action: { kind: 'leave' },
    help: ['Ctrl+D', 'leave, from an empty line; Ctrl+C leaves with code 130'],
  },
  {
    chords: ['ctrl+z'],
    action: { kind: 'go-behind' },
    help: ['Ctrl+Z', 'go behind the shell; fg comes back'],
  },
  { chords: ['ctrl+c'], action: { kind: 'interrupt' } },
]

const byChord = new Map(
  bindings.flatMap(({ chords, action }) => chords.map((chord) => [chord, action])),
)

export function actionOf(chord: string): Action | undefined {
  return byChord.get(chord)
}

function edit(name: Edit): Action {
  return { kind: 'edit', edit: name }
}

import type { Conversation } from '../model/conversation.ts'
import { neighbour, nextUnread, seen } from '../model/conversations.ts'
import { type ScreenState, timelineOf } from '../model/state.ts'
import { cycle } from '../model/suggestions.ts'
import { type Action, actionOf } from './bindings.ts'
import { type Edit, edits, emptyEditor, insert, moveLine } from './editor.ts'
import { recall, remember } from './input-history.ts'
import { chordOf, type Key } from './key.ts'
import { pressInOverlay } from './press-in-overlay.ts'
import { mostTyped, pastedText, typedText } from './typed-text.ts'

/** What a key wants done that the state alone cannot do. */
export type Effect =
  | { readonly kind: 'line'; readonly text: string }
  /** `undefined`: the person does not want to answer. */
  | { readonly kind: 'answer'; readonly text: string | undefined }
  | { readonly kind: 'complete' }
  | { readonly kind: 'open'; readonly conversation: Conversation }
  | { readonly kind: 'scroll'; readonly pages: number }
  | { readonly kind: 'scroll-to'; readonly where: 'start' | 'end' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'ring' }
  | { readonly kind: 'extended-keys' }
  | { readonly kind: 'go-behind' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'interrupt' }

export interface Pressed {
  readonly state: ScreenState
  readonly effect?: Effect
}

/** What a key makes of the screen. Whoever touches a key looks at the screen, too. */
export function press(state: ScreenState, key: Key): Pressed {
  switch (key.kind) {
    case 'focus':
      return { state: key.isFocused ? seen(state) : { ...state, isAttended: false } }
    case 'extended-keys':
      return { state, effect: { kind: 'extended-keys' } }
    case 'text':
    case 'paste':
    case 'press': {
      const looking = timelineOf(state).anchor.kind === 'end' ? seen(state) : state
      const attended = looking.isAttended ? looking : { ...looking, isAttended: true }
      return attended.overlay === undefined
        ? pressInLine(attended, key)
        : pressInOverlay(attended, attended.overlay, { key, onTyped: pressInLine })
    }
  }
}

type Touch = Extract<Key, { kind: 'text' | 'paste' | 'press' }>

function pressInLine(state: ScreenState, key: Touch): Pressed {
  if (key.kind === 'press') {
    const place = placeOf(key)
    if (place !== undefined) return goTo(state, state.conversations[place - 1])
    const action = actionOf(chordOf(key))
    return action === undefined ? { state } : act(state, action)
  }
  if (key.kind === 'text' && key.text === '?' && state.editor.text === '') return openHelp(state)
  return write(state, key.kind === 'paste' ? pastedText(key.text) : typedText(key.text))
}

function placeOf({ name, alt, ctrl }: Extract<Key, { kind: 'press' }>): number | undefined {
  return alt && !ctrl && /^[1-9]$/.test(name) ? Number(name) : undefined
}

function write(state: ScreenState, text: string): Pressed {
  if (state.editor.text.length + text.length > mostTyped) return { state, effect: { kind: 'ring' } }
  return edited(state, (editor) => insert(editor, text))
}

function act(state: ScreenState, action: Action): Pressed {
  switch (action.kind) {
    case 'edit':
      return edit(state, action.edit)
    case 'line':
      return upOrDown(state, action.by)
    case 'submit':
      return submit(state)
    case 'complete':
      return complete(state, action.by)
    case 'scroll':
      return { state, effect: action }
    case 'to-end':
      return { state, effect: { kind: 'scroll-to', where: 'end' } }
    case 'to-start':
      return { state, effect: { kind: 'scroll-to', where: 'start' } }
    case 'jump':
      return openSwitcher(state)
    case 'next-unread':
      return goTo(state, nextUnread(state))
    case 'neighbour':
      return goTo(state, neighbour(state, action.by))
    case 'help':
      return openHelp(state)
    case 'cancel':
      return cancel(state)
    case 'redraw':
    case 'go-behind':
      return { state, effect: action }
    case 'leave':
      return state.editor.text === '' ? { state, effect: action } : edit(state, 'delete-after')
    case 'interrupt':
      return { state, effect: action }
  }
}

function edit(state: ScreenState, name: Edit): Pressed {
  const { text, cursor } = state.editor
  // Nothing stands right of the cursor that Ctrl+K could cut.
  if (name === 'cut-to-end' && cursor === text.length) return openSwitcher(state)
  if (name === 'line-end' && text === '') {
    return { state, effect: { kind: 'scroll-to', where: 'end' } }
  }
  if (name === 'new-line' && state.question !== undefined) return { state }
  return edited(state, edits[name])
}

function edited(
  state: ScreenState,
  change: (editor: ScreenState['editor']) => ScreenState['editor'],
): Pressed {
  return { state: { ...state, editor: change(state.editor), suggestions: undefined } }
}

function upOrDown(state: ScreenState, by: -1 | 1): Pressed {
  if (state.suggestions !== undefined) return complete(state, by)
  const moved = moveLine(state.editor, by)
  if (moved !== undefined) return { state: { ...state, editor: moved } }
  if (state.question !== undefined) return { state }
  const recalled = recall(state.history, state.editor, by)
  return { state: recalled === undefined ? state : { ...state, ...recalled } }
}

function submit(state: ScreenState): Pressed {
  const { text } = state.editor
  const empty = {
    ...state,
    editor: { ...emptyEditor, cut: state.editor.cut },
    suggestions: undefined,
  }
  if (state.question !== undefined) {
    return { state: { ...empty, question: undefined }, effect: { kind: 'answer', text } }
  }
  if (text.trim() === '') return { state: empty }
  const history = remember(state.history, text)
  return { state: { ...empty, history }, effect: { kind: 'line', text } }
}

function complete(state: ScreenState, by: -1 | 1): Pressed {
  if (state.question !== undefined) return { state }
  if (state.suggestions === undefined) return { state, effect: { kind: 'complete' } }
  return { state: { ...state, ...cycle(state.editor, state.suggestions, by) } }
}

function cancel(state: ScreenState): Pressed {
  if (state.suggestions !== undefined) return { state: { ...state, suggestions: undefined } }
  if (state.question === undefined) return { state }
  const { cut } = state.editor
  return {
    state: { ...state, question: undefined, editor: { ...emptyEditor, cut } },
    effect: { kind: 'answer', text: undefined },
  }
}

function goTo(state: ScreenState, conversation: Conversation | undefined): Pressed {
  return conversation === undefined ? { state } : { state, effect: { kind: 'open', conversation } }
}

function openHelp(state: ScreenState): Pressed {
  return { state: { ...state, overlay: { kind: 'help', skippedRows: 0 } } }
}

function openSwitcher(state: ScreenState): Pressed {
  if (state.question !== undefined) return { state }
  return { state: { ...state, overlay: { kind: 'switcher', editor: emptyEditor, chosen: 0 } } }
}

import type { Overlay } from '../model/overlay.ts'
import type { ScreenState } from '../model/state.ts'
import { choicesOf } from '../rows/switcher-rows.ts'
import { actionOf } from './bindings.ts'
import { edits, insert } from './editor.ts'
import { chordOf, type Key } from './key.ts'
import type { Pressed } from './press.ts'
import { typedText } from './typed-text.ts'

/** What the key would have meant without the overlay. */
type OnTyped = (state: ScreenState, key: Touch) => Pressed

type Touch = Extract<Key, { kind: 'text' | 'paste' | 'press' }>

/** What a key means while something lies over the messages. */
export function pressInOverlay(
  state: ScreenState,
  overlay: Overlay,
  { key, onTyped }: { readonly key: Touch; readonly onTyped: OnTyped },
): Pressed {
  if (key.kind === 'press') {
    const action = actionOf(chordOf(key))
    if (action?.kind === 'interrupt') return { state, effect: action }
    if (action?.kind === 'redraw') return { state, effect: action }
    if (action?.kind === 'cancel') return close(state)
  }
  switch (overlay.kind) {
    case 'help':
      return pressInHelp(state, overlay, { key, onTyped })
    case 'switcher':
      return pressInSwitcher(state, overlay, key)
    case 'picture':
      return close(state)
    case 'safety-number':
      return pressAtSafetyNumber(state, overlay, key)
  }
}

function close(state: ScreenState): Pressed {
  return { state: { ...state, overlay: undefined } }
}

const page = 10

function pressInHelp(
  state: ScreenState,
  overlay: Extract<Overlay, { kind: 'help' }>,
  { key, onTyped }: { readonly key: Touch; readonly onTyped: OnTyped },
): Pressed {
  const action = key.kind === 'press' ? actionOf(chordOf(key)) : undefined
  const move = (by: number): Pressed => {
    const skippedRows = Math.max(0, overlay.skippedRows + by)
    return { state: { ...state, overlay: { ...overlay, skippedRows } } }
  }
  if (action?.kind === 'scroll') return move(action.pages * page)
  if (action?.kind === 'line') return move(action.by)
  if (key.kind === 'text' && key.text === ' ') return move(page)
  const closed = close(state)
  const isTyped = key.kind !== 'press' && key.text !== '?'
  // Whoever has read enough begins to type, and what they typed counts.
  return isTyped ? onTyped(closed.state, key) : closed
}

function pressInSwitcher(
  state: ScreenState,
  overlay: Extract<Overlay, { kind: 'switcher' }>,
  key: Touch,
): Pressed {
  const show = (change: Partial<typeof overlay>): Pressed => {
    return { state: { ...state, overlay: { ...overlay, ...change } } }
  }
  if (key.kind !== 'press') {
    return show({ editor: insert(overlay.editor, typedText(key.text)), chosen: 0 })
  }
  const choices = choicesOf(state, overlay)
  const action = actionOf(chordOf(key))
  switch (action?.kind) {
    case 'line':
    case 'complete': {
      const count = Math.max(1, choices.length)
      return show({ chosen: (overlay.chosen + action.by + count) % count })
    }
    case 'submit': {
      const choice = choices[overlay.chosen]
      if (choice === undefined) return { state }
      const closed = { ...state, overlay: undefined }
      if (choice.kind === 'somebody') {
        return { state: closed, effect: { kind: 'line', text: `/open ${choice.name}` } }
      }
      return { state: closed, effect: { kind: 'open', conversation: choice.conversation } }
    }
    case 'edit':
      if (action.edit === 'new-line') return { state }
      return show({ editor: edits[action.edit](overlay.editor), chosen: 0 })
    default:
      return { state }
  }
}

function pressAtSafetyNumber(
  state: ScreenState,
  { name }: Extract<Overlay, { kind: 'safety-number' }>,
  key: Touch,
): Pressed {
  if (key.kind !== 'text') return { state }
  if (key.text.toLowerCase() === 'y') {
    const closed = { ...state, overlay: undefined }
    return { state: closed, effect: { kind: 'line', text: `/verify ${name} done` } }
  }
  return key.text.toLowerCase() === 'q' ? close(state) : { state }
}

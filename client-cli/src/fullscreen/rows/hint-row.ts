import { displayWidth } from '../../text/display-width.ts'
import type { Paint } from '../../text/style.ts'
import { type ScreenState, timelineOf } from '../model/state.ts'

/** The keys that matter now: as many as there is room for. */
export function hintRow(state: ScreenState, columns: number, paint: Paint): string {
  let row = ''
  for (const hint of hintsFor(state)) {
    const longer = row === '' ? ` ${hint}` : `${row}   ${hint}`
    if (displayWidth(longer) > columns - 1) break
    row = longer
  }
  return paint('quiet', row)
}

function hintsFor(state: ScreenState): readonly string[] {
  const { overlay, question, suggestions, editor } = state
  if (overlay?.kind === 'help') return ['Esc close', 'PgUp PgDn scroll']
  if (overlay?.kind === 'switcher') return ['Enter open', 'Up Down choose', 'Esc close']
  if (question !== undefined) return ['Enter answer', 'Esc nothing']
  if (suggestions !== undefined) return ['Tab next', 'Shift+Tab back', 'Esc close']
  if (timelineOf(state).anchor.kind === 'at') {
    return ['End newest', 'PgUp PgDn scroll', '? help']
  }
  if (editor.text.startsWith('/')) return ['Tab complete', 'Enter run', 'F1 help']
  const first = editor.text === '' ? '? help' : 'F1 help'
  return [
    first,
    'Ctrl+K jump',
    'Alt+A next unread',
    'Alt+Enter newline',
    'PgUp scroll',
    'Ctrl+D leave',
  ]
}

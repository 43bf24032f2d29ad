/** One table feeds the keyboard and the sheet that `?` shows. */
export const shortcuts = [
  { id: 'switch', keys: ['Ctrl', 'K'], about: 'Find or start a chat' },
  { id: 'previous', keys: ['Alt', '↑'], about: 'Previous chat' },
  { id: 'next', keys: ['Alt', '↓'], about: 'Next chat' },
  { id: 'previous-unread', keys: ['Alt', 'Shift', '↑'], about: 'Previous unread chat' },
  { id: 'next-unread', keys: ['Alt', 'Shift', '↓'], about: 'Next unread chat' },
  { id: 'nth', keys: ['Alt', '1–9'], about: 'The first to the ninth chat' },
  { id: 'section', keys: ['F6'], about: 'Next part of the window' },
  { id: 'sheet', keys: ['?'], about: 'This list' },
] as const

/** What is true without a shortcut of its own: keys of the places where one types. */
export const typingKeys = [
  { keys: ['Enter'], about: 'Send' },
  { keys: ['Shift', 'Enter'], about: 'New line' },
  { keys: ['Ctrl', 'V'], about: 'Attach a picture that was copied' },
  { keys: ['Esc'], about: 'Close what is open over the page' },
] as const

export type ShortcutId = (typeof shortcuts)[number]['id']

export interface Pressed {
  readonly id: ShortcutId
  /** Of `nth`: from 0. */
  readonly index: number
}

/** Which shortcut a key press is; letters alone count only where nobody types (WCAG 2.1.4). */
export function shortcutOf(event: KeyboardEvent, isTyping: boolean): Pressed | undefined {
  const { altKey: alt, shiftKey: shift, key, code } = event
  const control = event.ctrlKey || event.metaKey
  const pressed = (id: ShortcutId, index = 0): Pressed => ({ id, index })
  if (control && !alt && !shift && key.toLowerCase() === 'k') return pressed('switch')
  if (alt && !control && key === 'ArrowUp') return pressed(shift ? 'previous-unread' : 'previous')
  if (alt && !control && key === 'ArrowDown') return pressed(shift ? 'next-unread' : 'next')
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1]
  if (alt && !control && !shift && digit !== undefined) return pressed('nth', Number(digit) - 1)
  if (key === 'F6' && !alt && !control) return pressed('section')
  if (key === '?' && !isTyping && !alt && !control) return pressed('sheet')
  return undefined
}

/** True where letters are text. */
export function isTypingIn(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

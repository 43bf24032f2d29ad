/** What the person did, whichever way their terminal says so. */
export type Key =
  /** Letters that were typed, as many as came at once. */
  | { readonly kind: 'text'; readonly text: string }
  /** Marked by the terminal as pasted: never obeyed, only inserted. */
  | { readonly kind: 'paste'; readonly text: string }
  | Press
  /** The window got or lost the attention of the person. */
  | { readonly kind: 'focus'; readonly isFocused: boolean }
  /** The terminal answered that it can tell Shift+Enter from Enter. */
  | { readonly kind: 'extended-keys' }

export interface Press {
  readonly kind: 'press'
  /** `enter`, `up`, `f1`, or the letter itself: `k`. */
  readonly name: string
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
}

/** `Ctrl+K`, `Alt+1`, `Shift+Tab`: one word for each key, to look up what it does. */
export function chordOf({ name, ctrl, alt, shift }: Press): string {
  const held = [ctrl && 'ctrl', alt && 'alt', shift && 'shift'].filter((word) => word !== false)
  return [...held, name].join('+')
}

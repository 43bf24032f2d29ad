import type { Editor } from '../input/editor.ts'

/** What lies over the messages until Esc. */
export type Overlay =
  | { readonly kind: 'help'; readonly skippedRows: number }
  | { readonly kind: 'switcher'; readonly editor: Editor; readonly chosen: number }
  | {
      readonly kind: 'safety-number'
      readonly name: string
      readonly digits: string
      readonly qr: Uint8Array
    }
  /** Rows as they are painted, made for the room there was. */
  | { readonly kind: 'picture'; readonly title: string; readonly rows: readonly string[] }

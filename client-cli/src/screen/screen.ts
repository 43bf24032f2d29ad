/** Lines that were printed together. With an id they may change later, for as long as they are in sight. */
export interface Block {
  readonly id?: string
  readonly lines: readonly string[]
}

export type Heard =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl+D, or the end of what was piped in. */
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' }

/** What the chat shows itself on. Nothing here knows what a message is. */
export interface Screen {
  /** Columns to fill, or `undefined` where lines are not broken for the eye. */
  readonly columns: number | undefined
  /** False without a terminal: then nothing is asked, and prompts are not shown. */
  readonly isInteractive: boolean
  /** Whether `update` ever works here. If not, every change needs a line of its own. */
  readonly canUpdate: boolean
  print(block: Block): void
  /** Rewrites a printed block where it stands. Returns false if it is out of sight or cannot. */
  update(block: Required<Block>): boolean
  /** What stands left of the cursor while a line is typed. */
  setPrompt(prompt: string): void
  /** The next line that is typed. Lines typed earlier wait their turn. */
  read(): Promise<Heard>
  /** Asks one thing; what is answered stays out of the history. */
  ask(question: string): Promise<Heard>
  clear(): void
  /** Gives the terminal back as it was. */
  close(): void
}

/** What could stand in place of the end of the line; `completed` is the part it would replace. */
export interface Completion {
  readonly matches: readonly string[]
  readonly completed: string
}

export type Completer = (line: string) => Promise<Completion>

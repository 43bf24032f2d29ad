import type { ScreenState } from '../model/state.ts'
import type { Area } from './cells.ts'

export interface WindowSize {
  readonly columns: number
  readonly rows: number
}

/** Which part of the window is for what. Whatever the size, the rows add up to those of the window. */
export interface Layout extends WindowSize {
  readonly hasRules: boolean
  readonly hasHints: boolean
  /** Absent where the window is narrow, and under what takes all the room. */
  readonly sidebar: Area | undefined
  readonly main: Area
  /** The rows of the messages, below the name of the conversation. */
  readonly messages: Area
  readonly composer: number
  readonly suggestions: number
}

export const leastForSidebar = 60
const leastForRules = 10
const leastForHints = 12

/** How much the composer and the suggestions may grow before the messages would be gone. */
export function mostComposerRows({ rows }: WindowSize): number {
  return Math.max(1, Math.min(8, Math.floor(rows / 4)))
}

export function mostSuggestionRows({ rows }: WindowSize): number {
  return Math.max(0, Math.min(8, rows - 10))
}

export function layoutOf(
  { overlay }: Pick<ScreenState, 'overlay'>,
  size: WindowSize,
  wanted: { readonly composer: number; readonly suggestions: number },
): Layout {
  const { columns, rows } = size
  const isAlone = overlay?.kind === 'safety-number' || overlay?.kind === 'picture'
  const hasRules = rows >= leastForRules && !isAlone
  const hasHints = rows >= leastForHints && !isAlone
  const composer = isAlone ? 0 : Math.min(wanted.composer, mostComposerRows(size))
  const suggestions =
    overlay === undefined ? Math.min(wanted.suggestions, mostSuggestionRows(size)) : 0
  const taken = 1 + (hasRules ? 2 : 0) + (hasHints ? 1 : 0) + composer + suggestions
  const height = Math.max(1, rows - taken)
  const hasSidebar = columns >= leastForSidebar && overlay === undefined
  const width = hasSidebar ? Math.max(17, Math.min(28, Math.floor(columns * 0.22))) : 0
  const main = { left: width, width: columns - width, height }
  const hasHead = height >= 4 && overlay === undefined
  return {
    ...size,
    hasRules,
    hasHints,
    sidebar: hasSidebar ? { left: 0, width, height } : undefined,
    main,
    messages: {
      left: main.left + 1,
      width: main.width - 1,
      height: hasHead ? height - 1 : height,
    },
    composer,
    suggestions,
  }
}

import { Box } from 'ink'
import { createElement, type ReactElement } from 'react'
import type { Look } from '../../chat/message-lines.ts'
import type { Command } from '../../commands/command.ts'
import type { ScreenState } from '../model/state.ts'
import { composerRows } from '../rows/composer-rows.ts'
import { headerRow } from '../rows/header-row.ts'
import { hintRow } from '../rows/hint-row.ts'
import { type Layout, layoutOf, mostComposerRows, mostSuggestionRows } from '../rows/layout.ts'
import { ruleRow } from '../rows/rule-row.ts'
import { suggestionRows } from '../rows/suggestion-rows.ts'
import type { RowCache } from '../rows/timeline-rows.ts'
import { Body } from './body.ts'
import { Lines } from './lines.ts'

export interface ScreenProps {
  readonly state: ScreenState
  readonly columns: number
  readonly rows: number
  readonly look: Omit<Look, 'columns'>
  readonly profile: string
  readonly commands: readonly Command[]
  readonly cache: RowCache
  /** The time of the servers, and of this device. */
  readonly nowMs: number
  readonly deviceNowMs: number
}

/** The whole window, from top to bottom. */
export function Screen(props: ScreenProps): ReactElement {
  const { state, columns, rows, look, profile, nowMs } = props
  const { composer, suggestions, layout } = partsOf(props)
  const line = (text: string) => createElement(Lines, { rows: [text], width: columns, height: 1 })
  const rule = (side: 'above' | 'below') =>
    layout.hasRules ? line(ruleRow(layout, side, look)) : null
  return createElement(
    Box,
    { flexDirection: 'column', width: columns, height: rows, overflow: 'hidden' },
    line(headerRow(state, { ...look, columns, nowMs, profile })),
    rule('above'),
    createElement(Body, { ...props, layout }),
    rule('below'),
    createElement(Lines, { rows: suggestions, width: columns, height: layout.suggestions }),
    createElement(Lines, { rows: composer, width: columns, height: layout.composer }),
    layout.hasHints ? line(hintRow(state, columns, look.paint)) : null,
  )
}

/** The layout alone, for what has to know how many rows of messages there are. */
export function layoutFor(props: ScreenProps): Layout {
  return partsOf(props).layout
}

function partsOf({ state, columns, rows, look, commands }: ScreenProps) {
  const size = { columns, rows }
  const composer = composerRows(state, { ...look, columns, mostRows: mostComposerRows(size) })
  const suggestions = suggestionRows(state, {
    ...look,
    commands,
    width: columns,
    mostRows: mostSuggestionRows(size),
  })
  const layout = layoutOf(state, size, {
    composer: composer.length,
    suggestions: suggestions.length,
  })
  return { composer, suggestions, layout }
}

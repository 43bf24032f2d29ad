import { Box, Text } from 'ink'
import { createElement, type ReactElement } from 'react'

export interface LinesProps {
  readonly rows: readonly string[]
  readonly width: number
  readonly height: number
}

/** Rows that are ready: each is one line of the window, and no more than fit are shown. */
export function Lines({ rows, width, height }: LinesProps): ReactElement {
  return createElement(
    Box,
    { flexDirection: 'column', width, height, flexShrink: 0, overflow: 'hidden' },
    ...rows.slice(0, height).map((row, index) =>
      // An empty text has no height.
      createElement(Text, { key: index, wrap: 'truncate' }, row === '' ? ' ' : row),
    ),
  )
}

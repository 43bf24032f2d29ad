import { Box } from 'ink'
import { createElement, type ReactElement } from 'react'
import { safeLine } from '../../text/safe-text.ts'
import { helpRows } from '../rows/help-rows.ts'
import type { Layout } from '../rows/layout.ts'
import { mainRows } from '../rows/main-rows.ts'
import { safetyNumberRows } from '../rows/safety-number-rows.ts'
import { sidebarRows } from '../rows/sidebar-rows.ts'
import { switcherRows } from '../rows/switcher-rows.ts'
import { Lines } from './lines.ts'
import type { ScreenProps } from './screen.ts'

export interface BodyProps extends ScreenProps {
  readonly layout: Layout
}

/** The conversations and the messages, or what lies over them. */
export function Body(props: BodyProps): ReactElement {
  const { state, look, layout, cache, nowMs, deviceNowMs } = props
  const { main, sidebar } = layout
  if (state.overlay !== undefined) {
    return createElement(Lines, { rows: overlayRows(props), ...sizeOf(main) })
  }
  const messages = mainRows(state, { layout, look: { ...look, nowMs }, cache })
  if (sidebar === undefined) return createElement(Lines, { rows: messages, ...sizeOf(main) })
  const list = sidebarRows(state, { ...look, area: sidebar, nowMs, deviceNowMs })
  return createElement(
    Box,
    { width: main.left + main.width, height: main.height, flexShrink: 0 },
    createElement(Lines, { rows: list, ...sizeOf(sidebar) }),
    createElement(Lines, { rows: messages, ...sizeOf(main) }),
  )
}

function overlayRows({ state, look, layout, commands }: BodyProps): readonly string[] {
  const { overlay } = state
  const size = { ...look, ...sizeOf(layout.main) }
  switch (overlay?.kind) {
    case undefined:
      return []
    case 'help':
      return helpRows(commands, size).slice(overlay.skippedRows)
    case 'switcher':
      return switcherRows(state, overlay, size)
    case 'safety-number':
      return safetyNumberRows(overlay, size)
    case 'picture':
      return [` ${safeLine(overlay.title)}`, ...overlay.rows.map((row) => ` ${row}`)]
  }
}

function sizeOf({ width, height }: { readonly width: number; readonly height: number }) {
  return { width, height }
}

import type { Look } from '../../chat/message-lines.ts'
import type { Layout } from './layout.ts'

/** A line across the window, which the bar beside the conversations meets. */
export function ruleRow(
  { columns, sidebar }: Layout,
  side: 'above' | 'below',
  { marks, paint }: Omit<Look, 'columns'>,
): string {
  if (sidebar === undefined) return paint('quiet', marks.line.repeat(columns))
  const joint = side === 'above' ? marks.barBelow : marks.barAbove
  const before = marks.line.repeat(sidebar.width - 1)
  return paint('quiet', `${before}${joint}${marks.line.repeat(columns - sidebar.width)}`)
}

import type { Look } from '../../chat/message-lines.ts'
import { type Command, usageOf } from '../../commands/command.ts'
import { displayWidth } from '../../text/display-width.ts'
import { wrap } from '../../text/wrap.ts'
import { bindings } from '../input/bindings.ts'

/** Every key and every command, from the tables that make them work. */
export function helpRows(
  commands: readonly Command[],
  { width, paint }: Omit<Look, 'columns'> & { readonly width: number },
): readonly string[] {
  const keys = bindings.flatMap(({ help }) => (help === undefined ? [] : [help]))
  const typed = commands.map((command) => [usageOf(command), command.summary] as const)
  return [
    paint('strong', ' Keys'),
    ...table(keys, width),
    '',
    paint('strong', ' Commands'),
    ...table(typed, width),
    '',
    ...wrap(
      ' Capital letters do not matter. Plain text goes to the open conversation; //text begins with a slash.',
      width - 1,
    ),
  ]
}

function table(
  rows: readonly (readonly [left: string, right: string])[],
  width: number,
): readonly string[] {
  const longest = Math.max(...rows.map(([left]) => displayWidth(left)))
  const column = Math.min(longest, Math.floor(width * 0.45))
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, Math.max(12, width - column - 5))
    const isBeside = displayWidth(left) <= column
    const first = isBeside ? [`  ${left.padEnd(column)}  ${lines[0] ?? ''}`] : [`  ${left}`]
    const rest = isBeside ? lines.slice(1) : lines
    return [...first, ...rest.map((line) => `${' '.repeat(column + 4)}${line}`)]
  })
}

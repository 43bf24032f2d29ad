import type { Look } from '../../chat/message-lines.ts'
import { qrRows } from '../../text/qr-rows.ts'
import { safeLine } from '../../text/safe-text.ts'
import { safetyNumberLines } from '../../text/safety-number-lines.ts'
import { wrap } from '../../text/wrap.ts'
import type { Overlay } from '../model/overlay.ts'

type SafetyNumber = Extract<Overlay, { kind: 'safety-number' }>

const gap = 3
const leastWords = 28

/** Sixty digits in groups of five, beside the code that says the same to a camera. */
export function safetyNumberRows(
  { name, digits, qr }: SafetyNumber,
  look: Omit<Look, 'columns'> & {
    readonly width: number
    readonly height: number
  },
): readonly string[] {
  const { width, height, paint, marks } = look
  const code = marks.isAscii ? [] : qrRows(qr, paint)
  const codeWidth = code.length === 0 ? 0 : (code[0]?.width ?? 0)
  const isBeside =
    code.length > 0 && code.length <= height && codeWidth + gap + leastWords + 2 <= width
  const room = isBeside ? width - codeWidth - gap - 2 : width - 2
  const who = safeLine(name)
  const words = [
    paint('strong', wrap(`The safety number you share with ${who}`, room).join('\n')),
    '',
    ...safetyNumberLines(digits),
    '',
    ...wrap(
      `Is it the same on the side of ${who}? Read it to each other, by telephone or face to face.`,
      room,
    ),
    '',
    ...wrap('y  It is the same: mark as verified', room),
    ...wrap('Esc  Close', room),
  ].flatMap((line) => line.split('\n'))
  if (!isBeside) {
    const why = marks.isAscii
      ? 'There is no code to scan with --ascii.'
      : `The code to scan needs ${codeWidth + gap + leastWords + 2} columns and ${code.length + 1} rows.`
    return [...words, '', ...wrap(why, room).map((line) => paint('quiet', line))].map(
      (line) => ` ${line}`,
    )
  }
  return Array.from({ length: Math.max(code.length, words.length) }, (_, index) => {
    const left = code[index]?.text ?? ' '.repeat(codeWidth)
    return ` ${left}${' '.repeat(gap)}${words[index] ?? ''}`
  })
}

import { safeLine, safeText } from '../../text/safe-text.ts'

/** More than any message may hold; what is pasted beyond it would only make the keyboard slow. */
export const mostTyped = 40_000

/** What is seen is what is sent: signs that nobody sees, as a web page may hide them, do not pass. */
export function pastedText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replaceAll('\t', '    ')
  return safeText(lines.replace(/[^\P{Cc}\n]/gu, ''))
}

export function typedText(text: string): string {
  return safeLine(text)
}

// What a stranger wrote is shown as text and never as markup. This takes away what could still
// rearrange the text around it: controls, and marks that reverse the direction of what follows.
const unruly =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2060-\u206F\uFFF9-\uFFFB]/g
const pileOfMarks = /(\p{M}{6})\p{M}+/gu

/** Text of several lines. */
export function tameText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(unruly, '')
    .replace(pileOfMarks, '$1')
}

/** One line, whatever was written: for names and for quoting a message. */
export function tameLine(text: string): string {
  return tameText(text).replace(/\s+/g, ' ').trim()
}

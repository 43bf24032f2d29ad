/** A piece of a message: what was written, and how it is drawn. Never markup. */
export type Piece =
  | { readonly kind: 'text' | 'bold' | 'italic' | 'code' | 'block'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly host: string }

const pattern = new RegExp(
  [
    /```[^\n`]*\n?(?<block>[\s\S]+?)```/,
    /`(?<code>[^`\n]+)`/,
    /\*\*(?<bold>[^*\n]+)\*\*/,
    /(?<![\p{L}\p{N}_])_(?<italic>[^_\n]+)_(?![\p{L}\p{N}_])/u,
    /(?<url>https?:\/\/[^\s<>"'`]+)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
)

/** Bold, italic, code and web addresses; everything else is the text it is. */
export function inlineMarks(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  const plain = (until: number) => {
    if (until > end) pieces.push({ kind: 'text', text: text.slice(end, until) })
  }
  for (const match of text.matchAll(pattern)) {
    const piece = pieceOf(match.groups ?? {})
    if (piece === undefined) continue
    plain(match.index)
    const written = piece.kind === 'link' ? piece.text : match[0]
    pieces.push(piece)
    end = match.index + written.length
  }
  plain(text.length)
  return pieces
}

function pieceOf(groups: Readonly<Record<string, string | undefined>>): Piece | undefined {
  const { block, code, bold, italic, url } = groups
  if (block !== undefined) return { kind: 'block', text: block.trimEnd() }
  if (code !== undefined) return { kind: 'code', text: code }
  if (bold !== undefined) return { kind: 'bold', text: bold }
  if (italic !== undefined) return { kind: 'italic', text: italic }
  return url === undefined ? undefined : linkTo(url)
}

/** The stop of a sentence does not belong to the address before it. */
function linkTo(url: string): Piece | undefined {
  const text = url.replace(/[.,;:!?)\]}]+$/, '')
  if (!URL.canParse(text)) return undefined
  const { href, host, username, password } = new URL(text)
  // "https://bank.example@evil.example" reads like the first and goes to the second.
  if (username !== '' || password !== '') return undefined
  return { kind: 'link', text, href, host }
}

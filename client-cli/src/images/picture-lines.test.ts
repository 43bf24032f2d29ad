import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageProtocol } from './image-protocol.ts'
import { blockRows, pictureLines, pixelsFor } from './picture-lines.ts'

const room = { columns: 40, rows: 12 }
/** Red over green, and beside it blue over nothing. */
const preview = {
  kind: 'preview',
  width: 2,
  height: 3,
  pixels: Uint8Array.from(
    [
      [255, 0, 0, 255],
      [0, 0, 255, 255],
      [0, 255, 0, 255],
      [255, 255, 255, 0],
      [9, 9, 9, 255],
      [9, 9, 9, 255],
    ].flat(),
  ),
  png: new Uint8Array(5000).fill(7),
} as const

test('each terminal gets what it says it can, and a person can say otherwise', () => {
  const of = (env: Record<string, string>) => imageProtocol({ env, canDraw: true })

  assert.equal(of({ TERM: 'xterm-kitty' }), 'kitty')
  assert.equal(of({ KITTY_WINDOW_ID: '1' }), 'kitty')
  assert.equal(of({ TERM_PROGRAM: 'ghostty' }), 'kitty')
  assert.equal(of({ TERM_PROGRAM: 'iTerm.app' }), 'iterm')
  assert.equal(of({ LC_TERMINAL: 'iTerm2' }), 'iterm')
  assert.equal(of({ TERM: 'xterm-256color' }), 'blocks')
  assert.equal(of({ TERM: 'xterm-kitty', TMUX: '/tmp/tmux' }), 'blocks')
  assert.equal(of({ NO_COLOR: '1' }), 'none')
  assert.equal(of({ TERM: 'xterm-kitty', FASTCHAT_IMAGES: 'blocks' }), 'blocks')
  assert.equal(of({ FASTCHAT_IMAGES: 'iTerm' }), 'iterm')
  assert.equal(of({ FASTCHAT_IMAGES: 'none' }), 'none')
  assert.equal(of({ FASTCHAT_IMAGES: 'nonsense' }), 'blocks')
  assert.equal(imageProtocol({ env: { FASTCHAT_IMAGES: 'kitty' }, canDraw: false }), 'none')
})

test('a block is two pixels, one over the other; what is transparent is dark', () => {
  const [first, second, ...others] = blockRows(preview, true)

  assert.equal(
    first,
    '\u001b[38;2;255;0;0m\u001b[48;2;0;255;0m▀\u001b[38;2;0;0;255m\u001b[48;2;0;0;0m▀\u001b[0m',
  )
  assert.match(visible(second), /^␛\[38;2;9;9;9m␛\[49m▀/)
  assert.deepEqual(others, [])
})

test('with 256 colours a block takes the nearest', () => {
  assert.match(visible(blockRows(preview, false)[0]), /^␛\[38;5;196m␛\[48;5;46m▀/)
})

test('kitty gets the picture in pieces, without an answer and without moving the cursor', () => {
  const lines = pictureLines(preview, 'kitty', { env: {}, room })
  const drawn = visible(lines.join('\n'))
  const pieces = [...drawn.matchAll(/␛_G([^;]*);([^␛]*)␛\\/g)]

  assert.match(pieces[0]?.[1] ?? '', /^a=T,f=100,q=2,C=1,c=1,r=1,m=1$/)
  assert.equal(pieces.at(-1)?.[1], 'm=0')
  assert.ok(pieces.every(([, , data = '']) => data.length <= 4096))
  const sent = Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64')
  assert.deepEqual(new Uint8Array(sent), preview.png)
})

test('a drawn picture has as many lines as it takes rows, and gives the cursor back', () => {
  const tall = { ...preview, width: 100, height: 100 }

  for (const protocol of ['kitty', 'iterm'] as const) {
    const lines = pictureLines(tall, protocol, { env: {}, room })
    assert.equal(lines.length, 5)
    assert.deepEqual(lines.slice(0, 4), ['', '', '', ''])
    assert.match(visible(lines[4]), /^␛7␛\[4A.*␛8$/s)
  }
  assert.match(
    pictureLines(tall, 'iterm', { env: {}, room })[4] ?? '',
    /1337;File=inline=1;height=5/,
  )
})

test('no picture is larger than its room', () => {
  const huge = { ...preview, width: 9000, height: 9000 }

  assert.equal(pictureLines(huge, 'kitty', { env: {}, room }).length, 12)
  assert.deepEqual(pictureLines(huge, 'none', { env: {}, room }), [])
  assert.deepEqual(pixelsFor('blocks', room), { width: 40, height: 24 })
  assert.deepEqual(pixelsFor('kitty', room), { width: 400, height: 240 })
})

/** With a sign that can be seen for the one that begins what is meant for the terminal. */
function visible(text = ''): string {
  return text.replaceAll('\u001b', '␛')
}
